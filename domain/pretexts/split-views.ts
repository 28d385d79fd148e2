import { createRandom } from "../random.ts";

/** Which of `count` views are trained on and which are held out, as indices in ascending order. */
export interface Split {
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

/**
 * Hold whole scans out, drawn by the seed: `share` of them, at least one, and never all. None for a
 * share of 0 or a single scan.
 */
export function splitViews(count: number, share: number, seed: number): Split {
  const all = Array.from({ length: count }, (_, i) => i);
  if (share === 0 || count < 2) return { training: all, validation: [] };
  const wanted = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  const random = createRandom(seed, "split");
  const held = new Set(
    all
      .map((i) => ({ i, draw: random.next() }))
      .sort((a, b) => a.draw - b.draw)
      .slice(0, wanted)
      .map(({ i }) => i),
  );
  return {
    training: all.filter((i) => !held.has(i)),
    validation: all.filter((i) => held.has(i)),
  };
}
