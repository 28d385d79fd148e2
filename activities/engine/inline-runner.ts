import { findJob } from "./find-job.ts";
import type { JobRunner, Jobs } from "./job.ts";

/**
 * Run jobs in this very process: for tests, and for small work without an engine.
 *
 * Inputs and results pass through JSON here too, so that what works inline works in a child.
 */
export function createInlineRunner(jobs: Jobs): JobRunner {
  return {
    async run<O>(name: string, input: unknown, options: Parameters<JobRunner["run"]>[2]) {
      const { signal } = options;
      signal.throwIfAborted();
      try {
        const value = await findJob(jobs, name)(throughJson(input), {
          signal,
          progress: (value) => options.onProgress(value),
        });
        signal.throwIfAborted();
        return throughJson(value) as O;
      } catch (error) {
        signal.throwIfAborted(); // whatever a cancelled job throws, the reason is the cancellation
        throw error;
      }
    },
  };
}

function throughJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
