import * as tf from "@tensorflow/tfjs";

/**
 * Minus the log of the probability that the softmax of each row gives to its true column, mean over
 * rows.
 *
 * @param logits - `[n, classes]`; -1e9 rules a column out, -Infinity would give NaN
 * @param truth - `[n, classes]`, 1 at the true column, else 0
 * @returns the caller disposes it
 */
export function crossEntropy(logits: tf.Tensor2D, truth: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() =>
    tf.logSoftmax(logits).mul(truth).sum<tf.Scalar>().div<tf.Scalar>(-logits.shape[0]),
  );
}

/** Share of rows whose largest logit is at the true column, 0 to 1. The caller disposes it. */
export function topOne(logits: tf.Tensor2D, truth: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() =>
    tf.equal(logits.argMax(1), truth.argMax(1)).cast("float32").mean<tf.Scalar>(),
  );
}
