import * as tf from "@tensorflow/tfjs";
import { dense, denseSpecs } from "./dense.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

/** From an encoder's deepest features to where along the axis a slice lies: no weights in it. */
export interface SortingHead {
  readonly specs: readonly ParameterSpec[];
  /** One score per superpixel: `[n, h, w, c]` → `[n, h, w]`. */
  map(parameters: Parameters, features: tf.Tensor4D): tf.Tensor3D;
  /** One score per slice, the mean of its map: `[n, h, w, c]` → `[n]`. */
  apply(parameters: Parameters, features: tf.Tensor4D): tf.Tensor1D;
}

/** A linear score per superpixel, averaged after it, as in the authors' code. */
export function createSortingHead(channels: number): SortingHead {
  const map: SortingHead["map"] = (parameters, features) =>
    tf.tidy(() => {
      const [n, h, w] = features.shape;
      return dense(parameters, "score", features.reshape([n * h * w, channels])).reshape([n, h, w]);
    });
  return {
    specs: denseSpecs("score", channels, 1),
    map,
    apply: (parameters, features) => tf.tidy(() => map(parameters, features).mean([1, 2])),
  };
}
