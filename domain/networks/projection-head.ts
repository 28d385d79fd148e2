import * as tf from "@tensorflow/tfjs";
import type { NormMode } from "./batch-norm.ts";
import { createMlp } from "./mlp.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";
import { createSuperpixelHead } from "./superpixel-head.ts";

/** What stands between an encoder and SimCLR's loss, and is thrown away afterwards. */
export type ProjectionConfig =
  | {
      readonly kind: "mlp";
      /** Linear layers. @default 2, SimCLR's; 3 is SimCLR v2's */
      readonly layers?: number;
      /** Length of the hidden layers. @default that of the embedding */
      readonly hidden?: number;
      /** @default 128 */
      readonly outputs?: number;
    }
  | {
      /** One linear layer with batch norm on every superpixel: the authors' weak SimCLR. */
      readonly kind: "superpixel";
      /** @default 256 */
      readonly outputs?: number;
    };

/** From deepest features to a projection: a description that holds no weights. */
export interface ProjectionHead {
  readonly specs: readonly ParameterSpec[];
  /** `[n, h, w, c]` → `[n, outputs]`, not yet of unit length */
  apply(parameters: Parameters, features: tf.Tensor4D, mode: NormMode): tf.Tensor2D;
}

/** @see Chen et al. 2020, https://arxiv.org/abs/2002.05709, section 4.2 */
export function createProjectionHead(channels: number, config: ProjectionConfig): ProjectionHead {
  if (config.kind === "superpixel") {
    const { outputs = 256 } = config;
    return createSuperpixelHead({ name: "project", channels, outputs, normalised: true });
  }
  const { layers = 2, hidden = channels, outputs = 128 } = config;
  const between = Array.from({ length: layers - 1 }, () => hidden);
  const mlp = createMlp({ sizes: [channels, ...between, outputs], last: "scaled" });
  return {
    specs: mlp.specs,
    apply: (parameters, features, mode) =>
      tf.tidy(() => mlp.apply(parameters, features.mean([1, 2]), mode)),
  };
}
