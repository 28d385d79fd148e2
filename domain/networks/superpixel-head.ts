import * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs, type NormMode } from "./batch-norm.ts";
import { dense, denseSpecs } from "./dense.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

export interface SuperpixelHeadConfig {
  /** What its arrays are called. */
  readonly name: string;
  /** Channels of the features. */
  readonly channels: number;
  readonly outputs: number;
  /** Batch norm after the linear layer. @default false */
  readonly normalised?: boolean;
}

/** A linear layer on every place of a feature map, averaged after it: no weights in it. */
export interface SuperpixelHead {
  readonly specs: readonly ParameterSpec[];
  /** `[n, h, w, channels]` → `[n, h, w, outputs]` */
  map(parameters: Parameters, features: tf.Tensor4D, mode: NormMode): tf.Tensor4D;
  /** The mean of its map: `[n, h, w, channels]` → `[n, outputs]` */
  apply(parameters: Parameters, features: tf.Tensor4D, mode: NormMode): tf.Tensor2D;
}

/** As in the authors' code, where scores and embeddings are both made like this. */
export function createSuperpixelHead(config: SuperpixelHeadConfig): SuperpixelHead {
  const { name, channels, outputs, normalised = false } = config;
  const map: SuperpixelHead["map"] = (parameters, features, mode) =>
    tf.tidy(() => {
      const [n, h, w] = features.shape;
      const rows = dense(parameters, name, features.reshape([n * h * w, channels]));
      const values = rows.reshape<tf.Tensor4D>([n, h, w, outputs]);
      return normalised ? batchNorm(parameters, `${name}Bn`, values, mode) : values;
    });
  return {
    specs: [
      ...denseSpecs(name, channels, outputs),
      ...(normalised ? batchNormSpecs(`${name}Bn`, outputs) : []),
    ],
    map,
    apply: (parameters, features, mode) =>
      tf.tidy(() => map(parameters, features, mode).mean([1, 2])),
  };
}
