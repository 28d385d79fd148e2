import { breathe } from "./breathe.ts";
import type { JobContext } from "./job.ts";

/**
 * Run something that yields its progress to its end, breathing between its steps. Throws the
 * signal's reason when told to stop.
 */
export async function driveSteps<P, T>(
  steps: AsyncGenerator<P, T, void>,
  { signal }: Pick<JobContext, "signal">,
  onStep?: (progress: P) => void,
): Promise<T> {
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
    onStep?.(next.value);
    await breathe();
    signal.throwIfAborted();
  }
}
