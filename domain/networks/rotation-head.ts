import * as tf from "@tensorflow/tfjs";
import { dense, denseSpecs } from "./dense.ts";
import { dropout } from "./dropout.ts";
import type { Mode } from "./mode.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

export interface RotationHeadConfig {
  /** Length of one embedding. */
  readonly inputs: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly classes: number;
}

/** From the embeddings of two images to the angle between them: a description without weights. */
export interface RotationHead {
  readonly specs: readonly ParameterSpec[];
  /**
   * @param a - embeddings of the first images, `[n, d]`
   * @param b - embeddings of their twins, `[n, d]`; which is which matters
   * @returns logits, `[n, classes]`
   */
  apply(parameters: Parameters, a: tf.Tensor2D, b: tf.Tensor2D, mode: Mode): tf.Tensor2D;
}

/**
 * Both embeddings side by side, a hidden layer with ReLU and dropout, a logit per angle: the paper's
 * "small model" f_Φ, which it does not specify further.
 */
export function createRotationHead(config: RotationHeadConfig): RotationHead {
  const { inputs, hidden, classes } = config;
  return {
    specs: [...denseSpecs("hidden", 2 * inputs, hidden), ...denseSpecs("angle", hidden, classes)],
    apply: (parameters, a, b, mode) =>
      tf.tidy(() => {
        const features = tf.relu(dense(parameters, "hidden", tf.concat2d([a, b], 1)));
        return dense(parameters, "angle", dropout(features, config.dropout, mode));
      }),
  };
}
