import type * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs, type NormMode } from "./batch-norm.ts";
import { convolutionSpec, convolve } from "./convolution.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

/** A residual block: `basic` (3×3, 3×3) or `bottleneck` (1×1, 3×3 with the stride, 1×1 to 4 × the channels). */
export interface BlockShape {
  readonly kind: "basic" | "bottleneck";
  readonly inputs: number;
  /** Channels of the 3×3 convolutions. */
  readonly channels: number;
  readonly stride: number;
}

/** Channels that come out. */
export function blockOutputs({ kind, channels }: BlockShape): number {
  return kind === "basic" ? channels : 4 * channels;
}

export function blockSpecs(name: string, block: BlockShape): ParameterSpec[] {
  const layers = blockLayers(block);
  const outputs = blockOutputs(block);
  return [
    ...layers.flatMap(({ size, inputs, outputs: out }, i) => [
      convolutionSpec(`${name}.conv${i + 1}`, size, inputs, out),
      ...batchNormSpecs(`${name}.bn${i + 1}`, out),
    ]),
    ...(needsProjection(block)
      ? [
          convolutionSpec(`${name}.project`, 1, block.inputs, outputs),
          ...batchNormSpecs(`${name}.projectBn`, outputs),
        ]
      : []),
  ];
}

/** @see He et al. 2015, https://arxiv.org/abs/1512.03385; stride on the 3×3 as in torchvision (v1.5) */
export function residualBlock(
  parameters: Parameters,
  name: string,
  block: BlockShape,
  x: tf.Tensor4D,
  mode: NormMode,
): tf.Tensor4D {
  const layers = blockLayers(block);
  let y = x;
  layers.forEach(({ stride }, i) => {
    y = convolve(parameters, `${name}.conv${i + 1}`, y, stride);
    y = batchNorm(parameters, `${name}.bn${i + 1}`, y, mode);
    if (i < layers.length - 1) y = y.relu();
  });
  if (!needsProjection(block)) return y.add<tf.Tensor4D>(x).relu();
  const projected = convolve(parameters, `${name}.project`, x, block.stride);
  return y.add<tf.Tensor4D>(batchNorm(parameters, `${name}.projectBn`, projected, mode)).relu();
}

function needsProjection(block: BlockShape): boolean {
  return block.stride !== 1 || block.inputs !== blockOutputs(block);
}

function blockLayers({ kind, inputs, channels, stride }: BlockShape) {
  return kind === "basic"
    ? [
        { size: 3, inputs, outputs: channels, stride },
        { size: 3, inputs: channels, outputs: channels, stride: 1 },
      ]
    : [
        { size: 1, inputs, outputs: channels, stride: 1 },
        { size: 3, inputs: channels, outputs: channels, stride },
        { size: 1, inputs: channels, outputs: 4 * channels, stride: 1 },
      ];
}
