import * as tf from "@tensorflow/tfjs";
import { INFERENCE } from "../networks/mode.ts";
import type { RotationNetwork } from "../pretexts/pretext-network.ts";

/**
 * How probable the network thinks the true angles are, mean over them.
 *
 * @param images - `[(1 + classes) · n, size, size]`: n images, then each of them turned by the first
 * class's angle, then by the second's, …
 * @returns `[n]`, 0 to 1; the caller disposes it
 */
export function meanCertainty(
  network: RotationNetwork,
  images: Float32Array,
  n: number,
  classes: readonly number[],
): tf.Tensor1D {
  return tf.tidy(() => {
    const count = 1 + classes.length;
    const size = Math.round(Math.sqrt(images.length / (count * n)));
    const x = tf.tensor4d(images, [count * n, size, size, 1]);
    const [first, ...twins] = tf.split<tf.Tensor2D>(network.embed(x, INFERENCE), count);
    const each = classes.map((c, k) => {
      const logits = network.compare(first!, twins[k]!, INFERENCE);
      return tf.slice2d(tf.softmax(logits), [0, c], [n, 1]);
    });
    return tf.concat2d(each, 1).mean(1);
  });
}
