import * as tf from "@tensorflow/tfjs";
import { createEncoder } from "../networks/create-encoder.ts";
import { embed, featureMode } from "../networks/encoder.ts";
import type { Encoder } from "../networks/encoder.ts";
import type { Mode } from "../networks/mode.ts";
import { createNetwork } from "../networks/network.ts";
import type { Network } from "../networks/network.ts";
import type { ParameterSpec } from "../networks/parameters.ts";
import { createRotationHead } from "../networks/rotation-head.ts";
import { createSortingHead } from "../networks/sorting-head.ts";
import { ANGLES } from "./angles.ts";
import type { PretrainConfig } from "./pretrain-config.ts";

/** An encoder with the head of its pretext on top. */
interface HeadedNetwork extends Network<"encoder" | "head"> {
  readonly encoder: Encoder;
  /** `[n, size, size, 1]` → `[n, d]` */
  embed(images: tf.Tensor4D, mode: Mode): tf.Tensor2D;
}

/** Tells the angle between two images from their embeddings. */
export interface RotationNetwork extends HeadedNetwork {
  readonly pretext: "rotation";
  /** Logits `[n, 7]`, one per entry of `ANGLES`. */
  compare(a: tf.Tensor2D, b: tf.Tensor2D, mode: Mode): tf.Tensor2D;
}

/** Tells where along the axis a slice lies. */
export interface SortingNetwork extends HeadedNetwork {
  readonly pretext: "sorting";
  /** `[n, size, size, 1]` → `[n]` */
  score(images: tf.Tensor4D, mode: Mode): tf.Tensor1D;
  /** One score per superpixel of the deepest features, in inference: `[n, h, w, c]` → `[n, h, w]` */
  readonly scoreMap: (features: tf.Tensor4D) => tf.Tensor3D;
}

type Shape = Pick<PretrainConfig, "pretext" | "encoder" | "width" | "dropouts">;

/** What a pretext's network consists of, without creating it. */
export function pretextSpecs(
  config: Shape,
): Readonly<Record<"encoder" | "head", readonly ParameterSpec[]>> {
  const encoder = encoderOf(config);
  const head =
    config.pretext === "rotation"
      ? rotationHeadOf(encoder)
      : createSortingHead(encoder.embeddingSize);
  return { encoder: encoder.specs, head: head.specs };
}

export function createRotationNetwork(config: Shape, seed: number): RotationNetwork {
  const { encoder, network, embedding } = base({ ...config, pretext: "rotation" }, seed);
  const head = rotationHeadOf(encoder);
  return {
    ...network,
    pretext: "rotation",
    encoder,
    embed: embedding,
    compare: (a, b, mode) => head.apply(network.parts.head, a, b, mode),
  };
}

export function createSortingNetwork(config: Shape, seed: number): SortingNetwork {
  const { encoder, network, embedding } = base({ ...config, pretext: "sorting" }, seed);
  const head = createSortingHead(encoder.embeddingSize);
  return {
    ...network,
    pretext: "sorting",
    encoder,
    embed: embedding,
    score: (images, mode) =>
      tf.tidy(() => {
        const how = featureMode(encoder, mode, config.dropouts);
        const maps = encoder.features(network.parts.encoder, images, how);
        return head.apply(network.parts.head, maps.at(-1)!, how);
      }),
    scoreMap: (features) => head.map(network.parts.head, features),
  };
}

function base(config: Shape, seed: number) {
  const encoder = encoderOf(config);
  const network = createNetwork(pretextSpecs(config), seed);
  const embedding = (images: tf.Tensor4D, { training }: Mode) =>
    tf.tidy(() => embed(encoder, network.parts.encoder, images, training));
  return { encoder, network, embedding };
}

function encoderOf({ encoder, width }: Shape): Encoder {
  return createEncoder({ kind: encoder, width });
}

function rotationHeadOf({ config, embeddingSize }: Encoder) {
  const small = config.kind === "window-net";
  return createRotationHead({
    inputs: embeddingSize,
    hidden: small ? 128 : 256,
    dropout: small ? 0.1 : 0.2,
    classes: ANGLES.length,
  });
}
