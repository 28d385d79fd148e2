import * as tf from "@tensorflow/tfjs";
import { embed, featureMode, type Encoder } from "../networks/encoder.ts";
import type { Mode } from "../networks/mode.ts";
import { createNetwork, type Network } from "../networks/network.ts";
import type { ParameterSpec } from "../networks/parameters.ts";
import { createProjectionHead, type ProjectionConfig } from "../networks/projection-head.ts";

/** An encoder with SimCLR's projection on top. */
export interface SimclrNetwork extends Network<"encoder" | "projector"> {
  readonly pretext: "simclr";
  readonly encoder: Encoder;
  /** `[n, size, size, 1]` → `[n, d]`, what is used afterwards */
  embed(images: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  /** `[n, size, size, 1]` → `[n, outputs]`, what the loss compares */
  project(images: tf.Tensor4D, mode: Mode): tf.Tensor2D;
}

/** What the network consists of, without creating it. */
export function simclrSpecs(
  encoder: Encoder,
  projection: ProjectionConfig,
): Readonly<Record<"encoder" | "projector", readonly ParameterSpec[]>> {
  const projector = createProjectionHead(encoder.embeddingSize, projection).specs;
  return { encoder: encoder.specs, projector };
}

/** Random weights, the same for the same seed. @param projection - SimCLR's own by default */
export function createSimclrNetwork(
  encoder: Encoder,
  seed: number,
  projection: ProjectionConfig = { kind: "mlp" },
): SimclrNetwork {
  const head = createProjectionHead(encoder.embeddingSize, projection);
  const network = createNetwork(simclrSpecs(encoder, projection), seed);
  const { parts } = network;
  return {
    ...network,
    pretext: "simclr",
    encoder,
    embed: (images, { training }) => tf.tidy(() => embed(encoder, parts.encoder, images, training)),
    project: (images, mode) =>
      tf.tidy(() => {
        const how = featureMode(encoder, mode);
        const deepest = encoder.features(parts.encoder, images, how).at(-1)!;
        return head.apply(parts.projector, deepest, how);
      }),
  };
}
