import type * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs } from "../../networks/batch-norm.ts";
import { convolutionSpec, convolve } from "../../networks/convolution.ts";
import { createNetwork, type Network } from "../../networks/network.ts";

/** Neighbouring planes that it sees as channels. */
export const PLANES = 5;

export interface RefinerConfig {
  /** Channels of the first layer; the others have twice as many. */
  readonly width: number;
  readonly seed: number;
}

/** A small network that tells specimen from background, voxel by voxel. */
export interface RefinerNetwork {
  readonly config: RefinerConfig;
  readonly network: Network<"refiner">;
  /** `[n, h, w, PLANES]` of a view's values to `[n, h, w]`; its sigmoid is the probability of specimen. */
  readonly logits: (images: tf.Tensor4D, training: boolean) => tf.Tensor3D;
}

const LAYERS = [1, 2, 3, 4, 5] as const;
const MOMENTUM = 0.1;

/**
 * Five 3×3 convolutions with batch norm over five planes, and a 1×1 one. It sees 11 × 11 voxels on
 * purpose: with more it would copy the halo that windows put around the specimen.
 */
export function createRefinerNetwork(config: RefinerConfig): RefinerNetwork {
  const { width, seed } = config;
  const channels = (layer: number) => (layer === 0 ? PLANES : layer === 1 ? width : 2 * width);
  const network = createNetwork(
    {
      refiner: [
        ...LAYERS.flatMap((layer) => [
          convolutionSpec(`conv${layer}`, 3, channels(layer - 1), channels(layer)),
          ...batchNormSpecs(`bn${layer}`, channels(layer)),
        ]),
        convolutionSpec("out", 1, 2 * width, 1),
        { name: "out.bias", shape: [1], init: { constant: 0 }, trainable: true },
      ],
    },
    seed,
  );
  const { refiner } = network.parts;
  return {
    config,
    network,
    logits(images, training) {
      let x = images;
      for (const layer of LAYERS) {
        const mode = { training, momentum: MOMENTUM };
        x = batchNorm(refiner, `bn${layer}`, convolve(refiner, `conv${layer}`, x), mode).relu();
      }
      return convolve(refiner, "out", x).add(refiner.get("out.bias")!).squeeze<tf.Tensor3D>([3]);
    },
  };
}
