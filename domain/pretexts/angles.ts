/** By how much a twin is turned further than its partner, per class, in degrees counter-clockwise. */
export const ANGLES = [-90, -60, -30, 0, 30, 60, 90] as const;

/** The class of "not turned". */
export const ZERO_CLASS = 3;

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Which class each row of logits (`n` rows of as many columns as there are angles) prefers. */
export function predictedClasses(logits: Float32Array): number[] {
  return Array.from({ length: logits.length / ANGLES.length }, (_, n) => {
    const row = logits.subarray(n * ANGLES.length, (n + 1) * ANGLES.length);
    return row.indexOf(Math.max(...row));
  });
}

/** Share of predictions that are right, 0 to 1. */
export function accuracy(predicted: readonly number[], truth: ArrayLike<number>): number {
  return predicted.filter((c, n) => c === truth[n]).length / truth.length;
}

/** Mean of |predicted - true angle|, in degrees. */
export function angularError(predicted: readonly number[], truth: ArrayLike<number>): number {
  const error = (c: number, n: number) => Math.abs(ANGLES[c]! - ANGLES[truth[n]!]!);
  return predicted.reduce((sum, c, n) => sum + error(c, n), 0) / truth.length;
}
