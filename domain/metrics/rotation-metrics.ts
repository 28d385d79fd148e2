import { accuracy, angularError, predictedClasses } from "../pretexts/angles.ts";

/** How well angles were told. */
export interface RotationMetrics {
  /** Share of pairs whose angle was told right, 0 to 1; chance is 1/7. */
  readonly accuracy: number;
  /** Mean of |told - true angle|, in degrees; 68.6 for guesses, 51.4 for always "not turned". */
  readonly angularError: number;
}

/**
 * Compare the angle that logits prefer with the true one.
 *
 * @param logits - one row of seven per pair, for -90, -60, … 90 degrees
 * @param classes - the true class of each pair
 */
export function rotationMetrics(logits: Float32Array, classes: readonly number[]): RotationMetrics {
  const predicted = predictedClasses(logits);
  return {
    accuracy: accuracy(predicted, classes),
    angularError: angularError(predicted, classes),
  };
}
