import type * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../../errors.ts";
import { createRandom, type Random } from "../../random.ts";
import { quarterTurn } from "../../segmentation/quarter-turn.ts";
import type { BatchSource, Learner } from "../../training/learner.ts";
import { type Axis, AXES, type Grid } from "../../volumes/shape.ts";
import type { View } from "../view.ts";
import { INSIDE, OUTSIDE, UNKNOWN } from "./pseudo-labels.ts";
import { planeStack } from "./plane-stack.ts";
import { PLANES, type RefinerNetwork } from "./refiner-network.ts";

/** A view, and what is thought of its voxels. */
export interface PseudoLabelled {
  readonly view: View;
  /** `OUTSIDE`, `INSIDE` or `UNKNOWN`, at the view's voxels. */
  readonly labels: Grid<Uint8Array>;
}

/**
 * Learning to tell specimen from background: binary cross-entropy, half of it over voxels inside
 * and half over those outside, however few either are.
 *
 * Inputs: `images` `[n, size, size, PLANES]`, `targets` `[n, size, size]` of `OUTSIDE`, `INSIDE`,
 * `UNKNOWN`; outputs: `[2]`, the mean probability of specimen inside and outside.
 */
export function createRefinerLearner({ network, logits }: RefinerNetwork): Learner {
  return {
    network,
    loss({ images, targets }, { training }) {
      const x = logits(images as tf.Tensor4D, training);
      const inside = targets!.equal(INSIDE).toFloat();
      const outside = targets!.equal(OUTSIDE).toFloat();
      const meanOver = (values: tf.Tensor, where: tf.Tensor) =>
        values.mul(where).sum().div(where.sum().add(1));
      // -log sigmoid(x), and of its complement.
      const loss = meanOver(x.neg().softplus(), inside).add(meanOver(x.softplus(), outside));
      const p = x.sigmoid();
      return {
        loss: loss.mul(0.5).asScalar(),
        outputs: meanOver(p, inside)
          .reshape([1])
          .concat(meanOver(p, outside).reshape([1])),
      };
    },
    metrics: (_batch, outputs) => ({ accuracy: (outputs[0]! + 1 - outputs[1]!) / 2 }),
  };
}

export interface RefinerBatch {
  /** Planes per step. @default 12 */
  readonly batchSize?: number;
  /** Side of a patch, in voxels of the view. @default 64 */
  readonly imageSize?: number;
  readonly seed: number;
}

/** Share of the planes that must show specimen. */
const WITH_SPECIMEN = 0.6;
const GAIN = 0.15;

/**
 * Draws planes across all three axes of all views, turned by right angles and flipped, brightness
 * varied. What of a patch lies outside a view is `UNKNOWN`. Throws `InvalidInput` where no view has
 * a voxel inside.
 */
export function createRefinerBatches(
  data: readonly PseudoLabelled[],
  { batchSize = 12, imageSize = 64, seed }: RefinerBatch,
): BatchSource {
  const shown = data.map(({ labels }) => AXES.map((axis) => planesWithSpecimen(labels, axis)));
  const usable = data.flatMap((_, i) => (shown[i]![0]!.length > 0 ? [i] : []));
  if (usable.length === 0) throw new InvalidInput("No view has a voxel that is surely specimen");
  const area = imageSize * imageSize;
  return (step) => {
    const random = createRandom(seed, `refine-${step}`);
    const images = new Float32Array(batchSize * area * PLANES);
    const targets = new Int32Array(batchSize * area).fill(UNKNOWN);
    for (let n = 0; n < batchSize; n++) {
      const which = usable[random.int(usable.length)]!;
      const axis = random.int(3) as Axis;
      const planes = shown[which]![axis]!;
      const index =
        random.next() < WITH_SPECIMEN
          ? planes[random.int(planes.length)]!
          : random.int(data[which]!.labels.shape[axis]);
      drawPatch(data[which]!, axis, index, imageSize, random, {
        image: images.subarray(n * area * PLANES, (n + 1) * area * PLANES),
        target: targets.subarray(n * area, (n + 1) * area),
      });
    }
    return {
      images: { shape: [batchSize, imageSize, imageSize, PLANES], values: images },
      targets: { shape: [batchSize, imageSize, imageSize], values: targets },
    };
  };
}

function drawPatch(
  { view, labels }: PseudoLabelled,
  axis: Axis,
  index: number,
  size: number,
  random: Random,
  out: { readonly image: Float32Array; readonly target: Int32Array },
): void {
  const { height, width, values, classes } = planeStack(view.values, axis, index, labels);
  const start = (side: number) =>
    side > size ? random.int(side - size + 1) : -Math.floor((size - side) / 2);
  const [top, left] = [start(height), start(width)];
  const [turn, flip] = [random.int(4), random.next() < 0.5];
  const gain = random.uniform(1 - GAIN, 1 + GAIN);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [u, v] = quarterTurn(i, flip ? size - 1 - j : j, turn, size);
      const [row, column] = [top + u, left + v];
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      const from = row * width + column;
      const to = i * size + j;
      for (let c = 0; c < PLANES; c++) {
        out.image[to * PLANES + c] = gain * values[from * PLANES + c]!;
      }
      out.target[to] = classes![from]!;
    }
  }
}

function planesWithSpecimen({ shape, data }: Grid<Uint8Array>, axis: Axis): number[] {
  const found = new Set<number>();
  const [, y, x] = shape;
  for (let i = 0; i < data.length; i++) {
    if (data[i] !== INSIDE) continue;
    found.add(axis === 0 ? Math.floor(i / (y * x)) : axis === 1 ? Math.floor(i / x) % y : i % x);
  }
  return [...found].sort((a, b) => a - b);
}
