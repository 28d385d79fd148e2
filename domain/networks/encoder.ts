import type * as tf from "@tensorflow/tfjs";
import type { NormMode } from "./batch-norm.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

/** Which encoder: JSON, as configurations and checkpoints hold it. */
export interface EncoderConfig {
  readonly kind: "window-net" | "resnet18" | "resnet34" | "resnet50" | "resnet152";
  /** Channels of the first stage; later ones double it. */
  readonly width: number;
}

/** What turns `[n, h, w, 1]` into features: a description that holds no weights. */
export interface Encoder {
  readonly config: EncoderConfig;
  readonly specs: readonly ParameterSpec[];
  /** Length of an embedding. */
  readonly embeddingSize: number;
  /** Channels of what `features` gives, finest first. */
  readonly featureChannels: readonly number[];
  /** Share of the newest batch in batch norm's running statistics. */
  readonly momentum: number;
  /** Feature maps `[n, h', w', c]`, finest first; the last one is the deepest. */
  features(parameters: Parameters, x: tf.Tensor4D, mode: NormMode): tf.Tensor4D[];
}

/** Average the deepest features over the image: `[n, h, w, 1]` → `[n, d]`. */
export function embed(
  encoder: Encoder,
  parameters: Parameters,
  x: tf.Tensor4D,
  training: boolean,
): tf.Tensor2D {
  const mode = { training, momentum: encoder.momentum };
  const deepest = encoder.features(parameters, x, mode).at(-1)!;
  return deepest.mean([1, 2]);
}
