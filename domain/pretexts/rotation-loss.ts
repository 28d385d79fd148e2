import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";
import { crossEntropy } from "./cross-entropy.ts";

/**
 * Minus the log of the probability of the true angle, mean over pairs. Chance is ln 7 = 1.9459.
 *
 * @see arXiv 2011.03353, equation 3
 *
 * @param logits - `[n, classes]`
 * @param classes - the true class of each pair, `[n]`, int32; one that does not exist adds nothing
 * @returns the caller disposes it
 */
export function rotationLoss(logits: tf.Tensor2D, classes: tf.Tensor1D): tf.Scalar {
  const [n, count] = logits.shape;
  if (classes.shape[0] !== n || classes.dtype !== "int32") {
    throw new InvalidInput(
      `Expected an int32 class for each of ${n} pairs, got ${classes.shape[0]} of ${classes.dtype}`,
    );
  }
  return tf.tidy(() =>
    crossEntropy(logits, tf.oneHot(classes, count).cast<tf.Tensor2D>("float32")),
  );
}
