import type * as tf from "@tensorflow/tfjs";
import type { Network } from "../networks/network.ts";
import type { Random } from "../random.ts";

/** How well a batch went, besides its loss; which there is depends on the pretext. */
export interface Metrics {
  /** Share of pairs whose angle was told right, 0 to 1 (rotation; chance is 1/7). */
  readonly accuracy?: number;
  /** Mean distance of slices from their place in the order, in positions (sorting). */
  readonly displacement?: number;
}

/** One batch, drawn and ready to be learned from. */
export interface Task {
  /**
   * The loss and what the metrics need. Called once, under automatic differentiation, which
   * disposes everything else that it creates.
   */
  forward(): { readonly loss: tf.Scalar; readonly outputs: tf.Tensor };
  metrics(outputs: Float32Array): Metrics;
}

/** Something that can be trained: weights, and how to draw a batch. */
export interface Learner {
  readonly network: Network;
  /** `random` is all the chance there is in a step: the same stream, the same step. */
  draw(random: Random): Task;
}
