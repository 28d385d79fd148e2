import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";
import { crossEntropy, topOne } from "./cross-entropy.ts";
import type { Contrast, NtXentOptions } from "./nt-xent.ts";
import { unitRows } from "./unit-rows.ts";

/**
 * MoCo v3's contrast of queries with keys: for each query find the key of the same image among those
 * of the batch. The cross-entropy is multiplied by 2τ, so that gradients keep their size whatever τ.
 *
 * @see Chen, Xie and He 2021, https://arxiv.org/abs/2104.02057, algorithm 1
 *
 * @param queries - `[n, d]`, of any length
 * @param keys - `[n, d]`, in the same order; pass them without gradient
 * @returns scalars that the caller disposes
 */
export function matchKeys(
  queries: tf.Tensor2D,
  keys: tf.Tensor2D,
  { temperature }: NtXentOptions,
): Contrast {
  if (queries.shape.join() !== keys.shape.join()) {
    throw new InvalidInput(
      `Expected a key for each query, got [${keys.shape}] for [${queries.shape}]`,
    );
  }
  if (!(temperature > 0)) {
    throw new InvalidInput(`Expected a temperature above 0, got ${temperature}`);
  }
  return tf.tidy(() => {
    const cosines = tf.matMul(unitRows(queries), unitRows(keys), false, true);
    const logits = cosines.div<tf.Tensor2D>(temperature);
    const truth = tf.eye(queries.shape[0]);
    const loss = crossEntropy(logits, truth).mul<tf.Scalar>(2 * temperature);
    return { loss, accuracy: topOne(logits, truth) };
  });
}
