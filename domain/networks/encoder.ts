import type * as tf from "@tensorflow/tfjs";
import type { NormMode } from "./batch-norm.ts";
import type { Mode } from "./mode.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";
import type { SpatialDropout } from "./spatial-dropout.ts";

/** Which encoder: JSON, as configurations and checkpoints hold it. */
export interface EncoderConfig {
  readonly kind: "window-net" | "resnet18" | "resnet34" | "resnet50" | "resnet152";
  /** Channels of the first stage; later ones double it. */
  readonly width: number;
}

/** How features are computed: how batch norm is meant, and whether stages lose channels. */
export interface FeatureMode extends NormMode {
  /** In inference as well: there it measures uncertainty, with the running statistics as they are. */
  readonly dropout?: SpatialDropout;
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
  /**
   * Feature maps `[n, h', w', c]`, finest first: the stem's, then those of the stages, the last one
   * the deepest. With dropout, the maps are what is left of them.
   */
  features(parameters: Parameters, x: tf.Tensor4D, mode: FeatureMode): tf.Tensor4D[];
}

/** The mode for an encoder's features in a forward pass; `rates` of dropout count in training only. */
export function featureMode(
  { momentum }: Pick<Encoder, "momentum">,
  mode: Mode,
  rates?: readonly number[],
): FeatureMode {
  if (!mode.training || rates === undefined) return { training: mode.training, momentum };
  return { training: true, momentum, dropout: { rates, mask: mode.mask } };
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
