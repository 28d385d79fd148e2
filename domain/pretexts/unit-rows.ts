import * as tf from "@tensorflow/tfjs";

/** On the squared length, as in TensorFlow's `l2_normalize`, which SimCLR uses. */
const EPSILON = 1e-12;

/**
 * Scale each row to length 1, so that products of rows are cosines. A row of zeros stays one, with a
 * finite gradient.
 *
 * @param x - `[n, d]`
 * @returns the caller disposes it
 */
export function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => x.mul<tf.Tensor2D>(tf.maximum(x.square().sum(1, true), EPSILON).rsqrt()));
}
