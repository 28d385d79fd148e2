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

/** Run a computation as the part `from` to `to` (0 to 1) of a longer one. */
export function* part<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    const { fraction, note } = next.value;
    yield { fraction: from + (to - from) * fraction, note };
  }
}
