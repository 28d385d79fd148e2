import type { Progress } from "../deps.ts";

/** What a job may use while it computes in its own process. */
export interface JobContext {
  /** Aborted when the caller cancels; jobs check it between steps. */
  readonly signal: AbortSignal;
  /** Tell the caller how far the work is. Cheap; call it as often as you like. */
  readonly progress: (progress: Progress) => void;
}

/** A piece of numeric work: plain JSON in, plain JSON out, run in a child process. */
export type Job<I, O> = (input: I, context: JobContext) => Promise<O>;

export type Jobs = Readonly<Record<string, Job<never, unknown>>>;

/** How activities start jobs, whichever process runs them. */
export interface JobRunner {
  /**
   * Run one job to its end.
   *
   * Throws the domain error the job threw; `EngineCrashed` when the process died; the signal's
   * reason when cancelled (the process is replaced if it ignores the cancellation).
   */
  run<O>(
    name: string,
    input: unknown,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ): Promise<O>;
}
