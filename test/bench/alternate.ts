import type { Work } from "./run-work.ts";

/** The median run, and the most memory that any run took. */
export interface Median {
  readonly seconds: number;
  readonly peakBytes: number;
}

/**
 * Run several works in turn, `runs` times each: ours, peer, ours, peer, …
 *
 * @param clean removes what works wrote, before each of them: what the system has not brought to the
 *   disk yet would else slow down the next
 */
export async function alternate<N extends string>(
  runs: number,
  works: Readonly<Record<N, (run: number) => Promise<Work>>>,
  note: (text: string) => void,
  clean: () => Promise<void> = async () => {},
): Promise<Readonly<Record<N, Median>>> {
  const names = Object.keys(works) as N[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Work[]])) as Record<
    N,
    Work[]
  >;
  for (let i = 0; i < runs; i++) {
    for (const name of names) {
      await clean();
      const work = await works[name](i);
      results[name].push(work);
      const { seconds, cpuSeconds, peakBytes } = work;
      note(
        `run ${i + 1} of ${runs}, ${name}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of cores, ${(peakBytes / 1e6).toFixed(0)} MB`,
      );
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        seconds: median(results[name].map(({ seconds }) => seconds)),
        peakBytes: Math.max(...results[name].map(({ peakBytes }) => peakBytes)),
      },
    ]),
  ) as Record<N, Median>;
}

/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
