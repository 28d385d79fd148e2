import * as tf from "@tensorflow/tfjs";
import { sliceOffsets } from "../../segmentation/slices.ts";
import { type Axis, type Grid, voxelCount } from "../../volumes/shape.ts";
import type { View } from "../view.ts";
import { planeStack } from "./plane-stack.ts";
import { PLANES, type RefinerNetwork } from "./refiner-network.ts";

/** Planes that go through the network at once. */
const AT_ONCE = 8;

/**
 * The probability of specimen at every voxel of a view, 0 to 1, seen in planes across one axis.
 * Yields the share that is done.
 */
export async function* scoreVoxels(
  { logits }: Pick<RefinerNetwork, "logits">,
  { values }: View,
  axis: Axis,
): AsyncGenerator<{ readonly fraction: number }, Grid<Float32Array>, void> {
  const { shape } = values;
  const data = new Float32Array(voxelCount(shape));
  for (let first = 0; first < shape[axis]; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, shape[axis] - first);
    const stacks = Array.from({ length: count }, (_, k) => planeStack(values, axis, first + k));
    const { height, width } = stacks[0]!;
    const area = height * width;
    const images = new Float32Array(count * area * PLANES);
    stacks.forEach((stack, k) => images.set(stack.values, k * area * PLANES));
    const scores = tf.tidy(() =>
      logits(tf.tensor4d(images, [count, height, width, PLANES]), false).sigmoid(),
    );
    const found = await scores.data<"float32">();
    scores.dispose();
    for (let k = 0; k < count; k++) {
      const { start, row, column } = sliceOffsets(values, axis, first + k);
      for (let i = 0, at = k * area; i < height; i++) {
        for (let j = 0; j < width; j++, at++) data[start + i * row + j * column] = found[at]!;
      }
    }
    yield { fraction: (first + count) / shape[axis] };
  }
  return { shape, data };
}
