import type * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs } from "./batch-norm.ts";
import { convolutionSpec, convolve } from "./convolution.ts";
import type { Encoder, EncoderConfig } from "./encoder.ts";
import { type BlockShape, blockSpecs, residualBlock } from "./residual-block.ts";
import { dropChannels } from "./spatial-dropout.ts";

/** Slower than a ResNet's: a batch holds many small windows of few scans. */
const MOMENTUM = 0.05;

/**
 * The small network for windows: a 5×5 convolution, then residual blocks of width, 2 × width and
 * 4 × width channels, the last two at half the resolution each. With width 24 and the rotation
 * head on top, 198,863 parameters.
 */
export function createWindowNet(config: EncoderConfig & { readonly kind: "window-net" }): Encoder {
  const { width } = config;
  const blocks: readonly BlockShape[] = [
    { kind: "basic", inputs: width, channels: width, stride: 1 },
    { kind: "basic", inputs: width, channels: 2 * width, stride: 2 },
    { kind: "basic", inputs: 2 * width, channels: 4 * width, stride: 2 },
  ];
  return {
    config,
    momentum: MOMENTUM,
    embeddingSize: 4 * width,
    featureChannels: [width, width, 2 * width, 4 * width],
    specs: [
      convolutionSpec("stem", 5, 1, width),
      ...batchNormSpecs("stemBn", width),
      ...blocks.flatMap((block, i) => blockSpecs(`block${i + 1}`, block)),
    ],
    features(parameters, x, mode) {
      let y = batchNorm(
        parameters,
        "stemBn",
        convolve(parameters, "stem", x),
        mode,
      ).relu<tf.Tensor4D>();
      const features = [y];
      blocks.forEach((block, i) => {
        y = dropChannels(
          residualBlock(parameters, `block${i + 1}`, block, y, mode),
          i,
          mode.dropout,
        );
        features.push(y);
      });
      return features;
    },
  };
}
