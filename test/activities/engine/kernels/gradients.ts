import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";

/** The largest difference of two tensors of one shape, over the second's largest value. */
export function farthest(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.tidy(() => {
    const [difference, most] = [a.sub(b).abs().max(), b.abs().max()];
    return difference.dataSync()[0]! / Math.max(1e-30, most.dataSync()[0]!);
  });
}

/** How a loss changes with some values of one of its arguments, by central differences. */
export function numericGradient(
  loss: (...args: tf.Tensor[]) => tf.Scalar,
  args: readonly tf.Tensor[],
  which: number,
  at: readonly number[],
  step = 1e-2,
): number[] {
  const values = args[which]!.dataSync();
  const moved = (index: number, by: number) =>
    tf.tidy(() => {
      const other = Float32Array.from(values);
      other[index]! += by;
      const changed = tf.tensor(other, args[which]!.shape);
      return loss(...args.map((arg, i) => (i === which ? changed : arg))).dataSync()[0]!;
    });
  return at.map((index) => (moved(index, step) - moved(index, -step)) / (2 * step));
}
