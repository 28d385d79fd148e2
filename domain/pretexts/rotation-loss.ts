import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";

/**
 * Minus the log of the probability of the true angle, mean over pairs. Chance is ln 7 = 1.9459.
 *
 * @see arXiv 2011.03353, equation 3
 *
 * @param logits - `[n, classes]`
 * @param classes - the true class of each pair
 * @returns the caller disposes it
 */
export function rotationLoss(logits: tf.Tensor2D, classes: readonly number[]): tf.Scalar {
  const [n, count] = logits.shape;
  if (classes.length !== n || !classes.every((c) => Number.isInteger(c) && c >= 0 && c < count)) {
    throw new InvalidInput(`Expected a class below ${count} for each of ${n} pairs`);
  }
  return tf.tidy(() => {
    const truth = tf.oneHot([...classes], count);
    return tf.logSoftmax(logits).mul(truth).sum<tf.Scalar>().div(-n);
  });
}
