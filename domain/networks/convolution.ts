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

/**
 * Convolve `[n, h, w, in]` by an odd kernel `[k, k, in, out]` whose values lie `rate` apart, with
 * zeros around so that height and width stay: every `rate`th row and column as an image of its own,
 * since TensorFlow has no gradient of a dilated convolution on the CPU.
 */
export function convolveDilated(x: tf.Tensor4D, kernel: tf.Tensor4D, rate: number): tf.Tensor4D {
  return tf.tidy(() => {
    const around = (rate * (kernel.shape[0] - 1)) / 2;
    const more = [x.shape[1], x.shape[2]].map((side) => {
      const rest = (side + 2 * around) % rate;
      return rest === 0 ? 0 : rate - rest;
    });
    const images = tf.spaceToBatchND(
      x,
      [rate, rate],
      more.map((extra) => [around, around + extra]),
    );
    const convolved = tf.conv2d(images, kernel, 1, "valid");
    return tf.batchToSpaceND(
      convolved,
      [rate, rate],
      more.map((extra) => [0, extra]),
    );
  });
}
