/** One message of a long computation: how much of it is done, 0 to 1, and what comes next in a few words. */
export interface Step {
  readonly fraction: number;
  readonly note: string;
}

/** A long computation: yields where it is, returns its result. */
export type Steps<T> = Generator<Step, T, void>;

/** Run a computation to its end and hand out the result. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}
