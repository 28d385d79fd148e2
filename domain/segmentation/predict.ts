import * as tf from "@tensorflow/tfjs";
import { AXES, type Grid, voxelCount } from "../volumes/shape.ts";
import type { SegmentationNetwork } from "./segmentation-network.ts";
import { sliceOf, sliceOffsets } from "./slices.ts";

/** Slices that go through the network at once. */
const AT_ONCE = 8;
/** Five halvings must come out even. */
const MULTIPLE = 32;

/**
 * Segment a normalised crop: every slice across each of the three axes, the classes' probabilities
 * averaged over the axes, the most probable class.
 *
 * A generator that yields its progress, so that a caller may stop between two passes.
 */
export function* predict(
  { logits }: SegmentationNetwork,
  image: Grid<Float32Array>,
  classes: number,
): Generator<{ readonly fraction: number }, Grid<Uint8Array>, void> {
  const sums = new Float32Array(voxelCount(image.shape) * classes);
  const total = image.shape.reduce((sum, n) => sum + n, 0);
  let done = 0;
  for (const axis of AXES) {
    for (let first = 0; first < image.shape[axis]; first += AT_ONCE) {
      const count = Math.min(AT_ONCE, image.shape[axis] - first);
      const slices = Array.from({ length: count }, (_, k) => sliceOf(image, axis, first + k));
      const { height, width } = slices[0]!;
      const shares = sharesOf(logits, slices, height, width, classes);
      for (let k = 0; k < count; k++) {
        const { start, row, column } = sliceOffsets(image, axis, first + k);
        for (let i = 0; i < height; i++) {
          for (let j = 0; j < width; j++) {
            const voxel = (start + i * row + j * column) * classes;
            const pixel = ((k * height + i) * width + j) * classes;
            for (let c = 0; c < classes; c++) sums[voxel + c]! += shares[pixel + c]!;
          }
        }
      }
      yield { fraction: (done += count) / total };
    }
  }
  const data = new Uint8Array(voxelCount(image.shape));
  for (let i = 0; i < data.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (sums[i * classes + c]! > sums[i * classes + best]!) best = c;
    }
    data[i] = best;
  }
  return { shape: image.shape, data };
}

/** Probabilities `[n, height, width, classes]`; slices are padded with their median for the network. */
function sharesOf(
  logits: SegmentationNetwork["logits"],
  slices: readonly { readonly data: Float32Array }[],
  height: number,
  width: number,
  classes: number,
): Float32Array {
  return tf.tidy(() => {
    const pad = (side: number) => Math.ceil(side / MULTIPLE) * MULTIPLE - side;
    const stacked = new Float32Array(slices.length * height * width);
    slices.forEach(({ data }, k) => stacked.set(data, k * height * width));
    const x = tf.tensor4d(stacked, [slices.length, height, width, 1]).pad([
      [0, 0],
      [0, pad(height)],
      [0, pad(width)],
      [0, 0],
    ]);
    const out = logits(x as tf.Tensor4D, false).softmax();
    return out.slice([0, 0, 0, 0], [slices.length, height, width, classes]).dataSync<"float32">();
  });
}
