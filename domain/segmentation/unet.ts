import * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs, type NormMode } from "../networks/batch-norm.ts";
import { convolutionSpec, convolve } from "../networks/convolution.ts";
import type { Encoder } from "../networks/encoder.ts";
import { type Parameters, type ParameterSpec, parameter } from "../networks/parameters.ts";

/** The decoder of a U-Net: from an encoder's features to one logit per class and pixel. */
export interface UnetDecoder {
  readonly specs: readonly ParameterSpec[];
  /** Features, finest first, of `[n, h, w, 1]` → logits `[n, h, w, classes]`. */
  apply(parameters: Parameters, features: readonly tf.Tensor4D[], mode: NormMode): tf.Tensor4D;
}

/** Fewer channels than this are not worth their overhead. */
const LEAST_CHANNELS = 8;

/**
 * Five times: twice the resolution (nearest), the encoder's features of that resolution beside,
 * two 3×3 convolutions; then a 3×3 convolution with bias. Channels 4, 2, 1, ½ and ¼ of the encoder's
 * width: with width 64 the parameter counts of segmentation_models.pytorch.
 *
 * @see Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597
 */
export function createUnetDecoder(encoder: Encoder, classes: number): UnetDecoder {
  const { width } = encoder.config;
  const channels = [4, 2, 1, 0.5, 0.25].map((share) => Math.max(LEAST_CHANNELS, width * share));
  const skips = [...encoder.featureChannels].reverse();
  const blocks = channels.map((outputs, i) => ({
    name: `up${i + 1}`,
    inputs: (i === 0 ? skips[0]! : channels[i - 1]!) + (skips[i + 1] ?? 0),
    outputs,
  }));
  const last = channels.at(-1)!;
  return {
    specs: [
      ...blocks.flatMap(({ name, inputs, outputs }) => [
        convolutionSpec(`${name}.conv1`, 3, inputs, outputs),
        ...batchNormSpecs(`${name}.bn1`, outputs),
        convolutionSpec(`${name}.conv2`, 3, outputs, outputs),
        ...batchNormSpecs(`${name}.bn2`, outputs),
      ]),
      convolutionSpec("classes", 3, last, classes),
      { name: "classes.bias", shape: [classes], init: { constant: 0 }, trainable: true },
    ],
    apply(parameters, features, mode) {
      const deepestFirst = [...features].reverse();
      let y = deepestFirst[0]!;
      blocks.forEach(({ name }, i) => {
        const [, height, width] = y.shape;
        y = tf.image.resizeNearestNeighbor(y, [2 * height, 2 * width]);
        const skip = deepestFirst[i + 1];
        if (skip !== undefined) y = tf.concat4d([y, skip], 3);
        for (const k of [1, 2]) {
          y = convolve(parameters, `${name}.conv${k}`, y);
          y = batchNorm(parameters, `${name}.bn${k}`, y, mode).relu();
        }
      });
      return convolve(parameters, "classes", y).add(parameter(parameters, "classes.bias"));
    },
  };
}
