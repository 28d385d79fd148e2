import * as tf from "@tensorflow/tfjs";
import type { Learner } from "../training/learner.ts";
import { contrastViews, type NtXentOptions } from "./nt-xent.ts";
import type { SimclrNetwork } from "./simclr-network.ts";

/**
 * The SimCLR pretext: tell which two of a batch's views show the same slice. Inputs are `a` and `b`,
 * `[n, size, size, 1]` each: two views of n slices. Both go through the network in one pass, so that
 * batch norm treats them alike, as in the published code.
 *
 * @see Chen et al. 2020, https://arxiv.org/abs/2002.05709
 */
export function createSimclrLearner(network: SimclrNetwork, options: NtXentOptions): Learner {
  return {
    network,
    loss(inputs, mode) {
      const views = tf.concat4d([inputs["a"] as tf.Tensor4D, inputs["b"] as tf.Tensor4D], 0);
      const [a, b] = tf.split(network.project(views, mode), 2) as [tf.Tensor2D, tf.Tensor2D];
      const { loss, accuracy } = contrastViews(a, b, options);
      return { loss, outputs: accuracy };
    },
    metrics: (_, [accuracy]) => ({ accuracy: accuracy! }),
  };
}
