import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Random } from "../random.ts";
import type { BatchSource, Learner } from "../training/learner.ts";
import { type Axis, type Grid, voxelCount } from "../volumes/shape.ts";
import type { SegmentationNetwork } from "./segmentation-network.ts";
import { quarterTurn } from "./quarter-turn.ts";
import { sliceOf } from "./slices.ts";

/** A crop and what its voxels are, as class indices 0 … classes − 1. */
export interface LabelledGrid {
  readonly image: Grid<Float32Array>;
  readonly classes: Grid<Uint8Array>;
}

export interface SegmentationOptions {
  readonly classes: number;
  readonly batchSize: number;
  /** Side of a patch in pixels, a multiple of 32. */
  readonly imageSize: number;
  readonly seed: number;
}

/** Share of a batch that is centred on a voxel that is not background, class by class. */
const FOREGROUND = 0.67;
const GAIN = 0.15;
const NOISE = 0.15;

/**
 * Learning to segment: cross-entropy plus soft Dice.
 *
 * Inputs: `images` `[n, size, size, 1]`, `targets` `[n · size · size]`, class indices; outputs: the
 * share of pixels told right, `[1]`.
 */
export function createSegmentationLearner(
  { network, logits }: SegmentationNetwork,
  { classes }: Pick<SegmentationOptions, "classes">,
): Learner {
  return {
    network,
    loss({ images, targets }, { training }) {
      const truth = targets as tf.Tensor1D;
      const flat = logits(images as tf.Tensor4D, training).reshape<tf.Tensor2D>([-1, classes]);
      const loss = segmentationLoss(flat, tf.oneHot(truth, classes).toFloat() as tf.Tensor2D);
      return { loss, outputs: flat.argMax(1).equal(truth).toFloat().mean().reshape([1]) };
    },
    metrics: (_batch, outputs) => ({ accuracy: outputs[0] ?? 0 }),
  };
}

/**
 * Draws patches of slices across all three axes, flipped and turned by right angles, brightness and
 * noise varied. Throws `InvalidInput` where there is nothing to learn from.
 */
export function createPatchSource(
  data: readonly LabelledGrid[],
  { classes, batchSize, imageSize, seed }: SegmentationOptions,
): BatchSource {
  if (data.length === 0) throw new InvalidInput("There is no labelled crop to learn from");
  const foreground = data.map((grid) => voxelsByClass(grid, classes));
  const area = imageSize * imageSize;
  return (batch) => {
    const random = createRandom(seed, `batch-${batch}`);
    const images = new Float32Array(batchSize * area);
    const targets = new Int32Array(batchSize * area);
    for (let i = 0; i < batchSize; i++) {
      const which = random.int(data.length);
      fillPatch(data[which]!, foreground[which]!, imageSize, random, {
        image: images.subarray(i * area, (i + 1) * area),
        target: targets.subarray(i * area, (i + 1) * area),
      });
    }
    return {
      images: { shape: [batchSize, imageSize, imageSize, 1], values: images },
      targets: { shape: [batchSize * area], values: targets },
    };
  };
}

/**
 * Cross-entropy, every class weighted by one over the square root of its share of the batch, plus
 * one minus the mean soft Dice over the classes that are not background.
 *
 * Unweighted, an organ of a thousandth of the pixels is never predicted within a few hundred steps.
 *
 * @param logits - `[n, classes]`
 * @param target - one-hot, `[n, classes]`
 * @see Milletari et al. 2016, https://arxiv.org/abs/1606.04797, for the Dice term
 */
export function segmentationLoss(logits: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const logShares = tf.logSoftmax(logits);
    const counts = target.sum(0); // [classes]
    const weights = counts.maximum(1).rsqrt();
    const weighted = target.mul(weights);
    const crossEntropy = weighted.mul(logShares).sum().div(weighted.sum()).neg();
    const shares = logShares.exp();
    const both = shares.mul(target).sum(0);
    const either = shares.sum(0).add(counts);
    // The one in both keeps a class that is neither there nor predicted at 1.
    const dice = both.mul(2).add(1).div(either.add(1));
    const classes = logits.shape[1];
    const foreground = dice.slice(1, classes - 1).mean();
    return crossEntropy.add(tf.scalar(1).sub(foreground)).asScalar();
  });
}

function voxelsByClass({ classes: { data } }: LabelledGrid, classes: number): Uint32Array[] {
  const counts = new Uint32Array(classes);
  for (const label of data) counts[label]!++;
  // Typed arrays of the right length: a crop may have more voxels than a list can hold.
  const lists = Array.from(counts, (count, label) => new Uint32Array(label > 0 ? count : 0));
  const filled = new Uint32Array(classes);
  for (let i = 0; i < data.length; i++) {
    const label = data[i]!;
    if (label > 0) lists[label]![filled[label]!++] = i;
  }
  return lists.filter((list) => list.length > 0);
}

/** Draw one patch; what lies outside the crop is its median (0) and background. */
function fillPatch(
  { image, classes }: LabelledGrid,
  foreground: readonly Uint32Array[],
  size: number,
  random: Random,
  out: { readonly image: Float32Array; readonly target: Int32Array },
): void {
  const axis = random.int(3) as Axis;
  const others = ([0, 1, 2] as const).filter((other) => other !== axis) as [Axis, Axis];
  const { shape } = image;
  let centre = random.int(voxelCount(shape));
  if (foreground.length > 0 && random.next() < FOREGROUND) {
    const list = foreground[random.int(foreground.length)]!;
    centre = list[random.int(list.length)]!;
  }
  const at = [
    Math.floor(centre / (shape[1] * shape[2])),
    Math.floor(centre / shape[2]) % shape[1],
    centre % shape[2],
  ];
  const picture = sliceOf(image, axis, at[axis]!);
  const labels = sliceOf(classes, axis, at[axis]!);
  const origin = others.map((other) => {
    const spare = shape[other] - size;
    const jitter = Math.round(random.uniform(-0.25, 0.25) * size);
    const start = at[other]! - Math.floor(size / 2) + jitter;
    return spare <= 0 ? Math.floor(spare / 2) : Math.min(Math.max(start, 0), spare);
  }) as [number, number];
  const turn = random.int(4);
  const flip = random.next() < 0.5;
  const gain = random.uniform(1 - GAIN, 1 + GAIN);
  const noise = random.uniform(0, NOISE);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [u, v] = quarterTurn(i, flip ? size - 1 - j : j, turn, size);
      const [row, column] = [u + origin[0], v + origin[1]];
      const outside = row < 0 || column < 0 || row >= picture.height || column >= picture.width;
      const from = row * picture.width + column;
      out.image[i * size + j] = outside ? 0 : picture.data[from]! * gain + noise * random.normal();
      out.target[i * size + j] = outside ? 0 : labels.data[from]!;
    }
  }
}
