import * as tf from "@tensorflow/tfjs";
import { type Parameters, type ParameterSpec, parameter } from "./parameters.ts";

/** A square kernel `[k, k, in, out]`, Kaiming-normal by its fan-out, no bias (batch norm follows). */
export function convolutionSpec(
  name: string,
  size: number,
  inputs: number,
  outputs: number,
): ParameterSpec {
  return {
    name: `${name}.kernel`,
    shape: [size, size, inputs, outputs],
    init: { std: Math.sqrt(2 / (size * size * outputs)) },
    trainable: true,
  };
}

/**
 * Convolve with zeros around: `(k − 1) / 2` on every side, as torch pads. TensorFlow's `same` is
 * one-sided for even inputs at stride 2, so padding is by numbers.
 */
export function convolve(
  parameters: Parameters,
  name: string,
  x: tf.Tensor4D,
  stride = 1,
): tf.Tensor4D {
  const kernel = parameter(parameters, `${name}.kernel`) as tf.Tensor4D;
  return tf.conv2d(x, kernel, stride, (kernel.shape[0] - 1) / 2);
}

/** Zeros on every side of height and width of `[n, h, w, c]`. */
export function padSpatially(x: tf.Tensor4D, by: number): tf.Tensor4D {
  if (by === 0) return x;
  return tf.pad4d(x, [
    [0, 0],
    [by, by],
    [by, by],
    [0, 0],
  ]);
}
