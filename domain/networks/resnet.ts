import * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs } from "./batch-norm.ts";
import { convolutionSpec, convolve, padSpatially } from "./convolution.ts";
import type { Encoder, EncoderConfig } from "./encoder.ts";
import { type BlockShape, blockOutputs, blockSpecs, residualBlock } from "./residual-block.ts";
import { dropChannels } from "./spatial-dropout.ts";

const LAYOUTS = {
  resnet18: { kind: "basic", blocks: [2, 2, 2, 2] },
  resnet34: { kind: "basic", blocks: [3, 4, 6, 3] },
  resnet50: { kind: "bottleneck", blocks: [3, 4, 6, 3] },
  resnet152: { kind: "bottleneck", blocks: [3, 8, 36, 3] },
} as const;

/** Torch's default: a tenth of the newest batch. */
const MOMENTUM = 0.1;

/**
 * A ResNet as torchvision lays it out (v1.5), with one input channel and `width` channels in the
 * first stage (64 in the published ones). Features: the stem at half the resolution, then the four
 * stages at 1/4, 1/8, 1/16, 1/32.
 *
 * @see He et al. 2015, https://arxiv.org/abs/1512.03385
 */
export function createResnet(
  config: EncoderConfig & { readonly kind: keyof typeof LAYOUTS },
): Encoder {
  const { width } = config;
  const { kind, blocks } = LAYOUTS[config.kind];
  const stages: { readonly name: string; readonly block: BlockShape }[][] = [];
  let inputs = width;
  blocks.forEach((count, stage) => {
    stages.push(
      Array.from({ length: count }, (_, i) => {
        const stride = i === 0 && stage > 0 ? 2 : 1;
        const block: BlockShape = { kind, inputs, channels: width * 2 ** stage, stride };
        inputs = blockOutputs(block);
        return { name: `stage${stage + 1}.block${i + 1}`, block };
      }),
    );
  });
  const featureChannels = [width, ...stages.map((stage) => blockOutputs(stage.at(-1)!.block))];
  return {
    config,
    momentum: MOMENTUM,
    embeddingSize: inputs,
    featureChannels,
    specs: [
      convolutionSpec("stem", 7, 1, width),
      ...batchNormSpecs("stemBn", width),
      ...stages.flatMap((stage) => stage.flatMap(({ name, block }) => blockSpecs(name, block))),
    ],
    features(parameters, x, mode) {
      const stem = batchNorm(
        parameters,
        "stemBn",
        convolve(parameters, "stem", x, 2),
        mode,
      ).relu<tf.Tensor4D>();
      const features = [stem];
      // After a ReLU, zeros around are what −∞ around would be.
      let y = tf.maxPool(padSpatially(stem, 1), 3, 2, "valid");
      stages.forEach((stage, i) => {
        for (const { name, block } of stage) y = residualBlock(parameters, name, block, y, mode);
        y = dropChannels(y, i, mode.dropout);
        features.push(y);
      });
      return features;
    },
  };
}
