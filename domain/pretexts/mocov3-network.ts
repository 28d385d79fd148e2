import * as tf from "@tensorflow/tfjs";
import { embed, featureMode, type Encoder } from "../networks/encoder.ts";
import { createMlp, type Mlp } from "../networks/mlp.ts";
import type { Mode } from "../networks/mode.ts";
import { createNetwork, type Network } from "../networks/network.ts";
import type { Parameters, ParameterSpec } from "../networks/parameters.ts";
import {
  createMomentumEncoder,
  type MomentumEncoder,
  type MomentumOptions,
} from "./momentum-encoder.ts";
import { withoutGradient } from "./without-gradient.ts";

export interface Mocov3Sizes {
  /** Length of the hidden layers. @default 4096 */
  readonly hidden?: number;
  /** Length of queries and keys. @default 256 */
  readonly outputs?: number;
}

/** An encoder with projector and predictor, and the momentum encoder that gives the keys. */
export interface Mocov3Network extends Network<"encoder" | "projector" | "predictor"> {
  readonly pretext: "mocov3";
  readonly encoder: Encoder;
  readonly momentum: MomentumEncoder<"encoder" | "projector">;
  /** `[n, size, size, 1]` → `[n, d]`, what is used afterwards */
  embed(images: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  /** Encoder, projector, predictor: `[n, size, size, 1]` → `[n, outputs]` */
  query(images: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  /** Momentum encoder and projector, without gradient: `[n, size, size, 1]` → `[n, outputs]` */
  key(images: tf.Tensor4D, mode: Mode): tf.Tensor2D;
}

/** What the network consists of, without creating it; the momentum encoder has the first two again. */
export function mocov3Specs(
  encoder: Encoder,
  sizes: Mocov3Sizes = {},
): Readonly<Record<"encoder" | "projector" | "predictor", readonly ParameterSpec[]>> {
  const { projector, predictor } = heads(encoder, sizes);
  return { encoder: encoder.specs, projector: projector.specs, predictor: predictor.specs };
}

/**
 * Random weights, the same for the same seed.
 *
 * @see Chen, Xie and He 2021, https://arxiv.org/abs/2104.02057; the ResNet variant of their code
 */
export function createMocov3Network(
  encoder: Encoder,
  seed: number,
  { sizes = {}, momentum: following }: { sizes?: Mocov3Sizes; momentum: MomentumOptions },
): Mocov3Network {
  const { projector, predictor } = heads(encoder, sizes);
  const network = createNetwork(mocov3Specs(encoder, sizes), seed);
  const momentum = createMomentumEncoder<"encoder" | "projector">(
    network,
    ["encoder", "projector"],
    following,
  );
  const project = (
    parts: Record<"encoder" | "projector", Parameters>,
    x: tf.Tensor4D,
    mode: Mode,
  ) => {
    const how = featureMode(encoder, mode);
    const deepest = encoder.features(parts.encoder, x, how).at(-1)!;
    return projector.apply(parts.projector, deepest.mean([1, 2]), how);
  };
  return {
    ...network,
    pretext: "mocov3",
    encoder,
    momentum,
    embed: (images, { training }) =>
      tf.tidy(() => embed(encoder, network.parts.encoder, images, training)),
    query: (images, mode) =>
      tf.tidy(() => {
        const projected = project(network.parts, images, mode);
        return predictor.apply(network.parts.predictor, projected, featureMode(encoder, mode));
      }),
    key: (images, mode) => withoutGradient(() => project(momentum.parts, images, mode)),
    dispose() {
      network.dispose();
      momentum.dispose();
    },
  };
}

function heads(
  { embeddingSize }: Encoder,
  { hidden = 4096, outputs = 256 }: Mocov3Sizes,
): { readonly projector: Mlp; readonly predictor: Mlp } {
  return {
    projector: createMlp({ sizes: [embeddingSize, hidden, outputs], last: "fixed" }),
    predictor: createMlp({ sizes: [outputs, hidden, outputs], last: "none" }),
  };
}
