import * as tf from "@tensorflow/tfjs";
import { createEncoder } from "../networks/create-encoder.ts";
import type { EncoderConfig } from "../networks/encoder.ts";
import { createNetwork, type Network } from "../networks/network.ts";
import { createUnetDecoder } from "./unet.ts";

/** A U-Net with its weights. */
export interface SegmentationNetwork {
  readonly network: Network<"encoder" | "decoder">;
  /** `[n, h, w, 1]`, sides multiples of 32 → logits `[n, h, w, classes]`. */
  readonly logits: (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;
}

/** Random weights, the same for the same seed; load pretrained ones into `network.parts.encoder`. */
export function createSegmentationNetwork(
  config: EncoderConfig,
  classes: number,
  seed: number,
): SegmentationNetwork {
  const encoder = createEncoder(config);
  const decoder = createUnetDecoder(encoder, classes);
  const network = createNetwork({ encoder: encoder.specs, decoder: decoder.specs }, seed);
  return {
    network,
    logits: (x, training) =>
      tf.tidy(() => {
        const mode = { training, momentum: encoder.momentum };
        const features = encoder.features(network.parts.encoder, x, mode);
        return decoder.apply(network.parts.decoder, features, mode);
      }),
  };
}
