import * as tf from "@tensorflow/tfjs";
import { INFERENCE } from "../networks/mode.ts";
import type { Grid } from "../volumes/shape.ts";
import type { SortingNetwork } from "./pretext-network.ts";
import { samplePlane } from "./sample-plane.ts";
import { createSliceStack } from "./slice-stack.ts";
import { createStencil } from "./stencil.ts";

/** Slices per pass. */
const BATCH = 16;

/**
 * Where along z the network places every slice of a volume: one score per slice, in order, higher
 * further along. Slices are as training sees them, without augmentation. Yields the share that is
 * done.
 *
 * @param volume - values of a view
 */
export async function* scorePositions(
  network: SortingNetwork,
  volume: Grid<Float32Array>,
  { imageSize }: { readonly imageSize: number },
): AsyncGenerator<{ readonly fraction: number }, Float32Array, void> {
  const { count, plane, row, column, scale } = createSliceStack(volume, 0, imageSize);
  const pose = { row, column, scale, angle: 0, gain: 1 };
  const stencil = createStencil(imageSize, Infinity);
  const area = imageSize ** 2;
  const scores = new Float32Array(count);
  for (let from = 0; from < count; from += BATCH) {
    const n = Math.min(BATCH, count - from);
    const images = new Float32Array(n * area);
    for (let k = 0; k < n; k++) samplePlane(plane(from + k), stencil, pose, images, k * area);
    const batch = tf.tidy(() =>
      network.score(tf.tensor4d(images, [n, imageSize, imageSize, 1]), INFERENCE),
    );
    scores.set(await batch.data<"float32">(), from);
    batch.dispose();
    yield { fraction: (from + n) / count };
  }
  return scores;
}
