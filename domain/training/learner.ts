import type * as tf from "@tensorflow/tfjs";
import type { Mode } from "../networks/mode.ts";
import type { Network } from "../networks/network.ts";
import type { Parameters } from "../networks/parameters.ts";
import type { Arrays, Tensors } from "./arrays.ts";

/** How well a batch went, besides its loss; which there is depends on the pretext. */
export interface Metrics {
  /** Share of answers that were right, 0 to 1 (rotation: chance is 1/7; contrastive: 1/(2n - 1)). */
  readonly accuracy?: number;
  /** Mean distance of slices from their place in the order, in positions (sorting). */
  readonly displacement?: number;
  /** Mean of |predicted - true angle|, in degrees (rotation). */
  readonly angularError?: number;
  /** Kendall's τ of the order, -1 to 1 (sorting). */
  readonly kendallTau?: number;
}

/** Draws the batch of a step, counted from 1: plain data, a pure function of the step. */
export type BatchSource = (step: number) => Arrays;

/** Something that can be trained: weights, and what they are to achieve. */
export interface Learner {
  readonly network: Network;
  /**
   * The loss of a batch, differentiable in `network.parameters`, as a function of tensors alone:
   * what changes from batch to batch is in `inputs` or comes from `mode`, never from JavaScript.
   * Runs inside a tidy.
   */
  loss(inputs: Tensors, mode: Mode): { readonly loss: tf.Scalar; readonly outputs: tf.Tensor };
  /** How well the batch went, from the `outputs` of its loss. */
  metrics(batch: Arrays, outputs: Float32Array): Metrics;
  /** Further variables that steps move and checkpoints hold: a momentum encoder. */
  readonly extra?: Parameters;
  /** Move them, after the optimizer has moved the weights; of tensors alone, too. */
  after?(inputs: Tensors): void;
}

/** Each metric's mean over batches that all have it. */
export function meanMetrics(all: readonly Metrics[]): Metrics {
  const names = Object.keys(all[0] ?? {}) as (keyof Metrics)[];
  return Object.fromEntries(
    names.map((name) => [name, all.reduce((sum, one) => sum + one[name]!, 0) / all.length]),
  );
}
