import * as tf from "@tensorflow/tfjs";
import type { NormMode } from "./batch-norm.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";
import { createSuperpixelHead } from "./superpixel-head.ts";

/** From an encoder's deepest features to where along the axis a slice lies: no weights in it. */
export interface SortingHead {
  readonly specs: readonly ParameterSpec[];
  /** One score per superpixel: `[n, h, w, c]` → `[n, h, w]`. `mode` matters where it is normalised. */
  map(parameters: Parameters, features: tf.Tensor4D, mode?: NormMode): tf.Tensor3D;
  /** One score per slice, the mean of its map: `[n, h, w, c]` → `[n]`. */
  apply(parameters: Parameters, features: tf.Tensor4D, mode?: NormMode): tf.Tensor1D;
}

const INFERENCE: NormMode = { training: false, momentum: 0 };

/**
 * A linear score per superpixel, averaged after it, as in the authors' code; `normalised` with batch
 * norm on the superpixels' scores, their `normalised_output`. @default not normalised
 */
export function createSortingHead(channels: number, normalised = false): SortingHead {
  const head = createSuperpixelHead({ name: "score", channels, outputs: 1, normalised });
  const map: SortingHead["map"] = (parameters, features, mode = INFERENCE) =>
    tf.tidy(() => {
      const [n, h, w] = features.shape;
      return head.map(parameters, features, mode).reshape([n, h, w]);
    });
  return {
    specs: head.specs,
    map,
    apply: (parameters, features, mode) =>
      tf.tidy(() => map(parameters, features, mode).mean([1, 2])),
  };
}
