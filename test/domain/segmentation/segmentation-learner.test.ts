import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import {
  createPatchSource,
  createSegmentationLearner,
  type LabelledGrid,
  type SegmentationOptions,
} from "../../../domain/segmentation/segmentation-learner.ts";
import { INFERENCE } from "../../../domain/networks/mode.ts";
import { toTensors } from "../../../domain/training/arrays.ts";
import type { SegmentationNetwork } from "../../../domain/segmentation/segmentation-network.ts";
import { voxelCount, type Zyx } from "../../../domain/volumes/shape.ts";

beforeAll(() => tf.setBackend("cpu"));

/** Grey is ten times the label, far beyond what gain and noise change. */
const GREY = 10;

function labelled(shape: Zyx, label: (z: number, y: number, x: number) => number): LabelledGrid {
  const classes = new Uint8Array(voxelCount(shape));
  for (let i = 0; i < classes.length; i++) {
    const z = Math.floor(i / (shape[1] * shape[2]));
    classes[i] = label(z, Math.floor(i / shape[2]) % shape[1], i % shape[2]);
  }
  const image = Float32Array.from(classes, (c) => GREY * c);
  return { image: { shape, data: image }, classes: { shape, data: classes } };
}

/** A learner whose network reads the label off the grey level, and what it was shown. */
function readingLearner(data: readonly LabelledGrid[], options: Omit<SegmentationOptions, "seed">) {
  const shown: Float32Array[] = [];
  const logits = (x: tf.Tensor4D) => {
    shown.push(x.dataSync<"float32">().slice());
    const read = x.div(GREY).round().squeeze([3]).toInt();
    return tf.oneHot(read, options.classes).toFloat().mul<tf.Tensor4D>(30);
  };
  const model = { network: undefined, logits } as unknown as SegmentationNetwork;
  const source = (seed: number) => createPatchSource(data, { ...options, seed });
  source(0); // refuses what there is nothing to learn from
  return { learner: createSegmentationLearner(model, options), source, shown };
}

function step({ learner, source }: ReturnType<typeof readingLearner>, seed: number) {
  const batch = source(seed)(1);
  return tf.tidy(() => {
    const { loss, outputs } = learner.loss(toTensors(batch), INFERENCE);
    return {
      loss: loss.dataSync()[0]!,
      accuracy: learner.metrics(batch, outputs.dataSync<"float32">()).accuracy,
    };
  });
}

const blocks = labelled([40, 48, 44], (z, y, x) => ((z >> 2) + (y >> 3) * 2 + (x >> 1)) % 3);

it("shows the same batch for the same seed, and another for another", () => {
  const reading = readingLearner([blocks], { classes: 3, batchSize: 4, imageSize: 32 });
  for (const seed of [1, 1, 2]) step(reading, seed);
  const [first, again, other] = reading.shown;
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

it("turns and flips labels with their image, in crops larger and smaller than a patch", () => {
  const flat = labelled([9, 50, 20], (z, y, x) => (z + (y >> 1) + 2 * (x >> 2)) % 3);
  const reading = readingLearner([blocks, flat], { classes: 3, batchSize: 24, imageSize: 32 });
  for (const seed of [1, 2, 3]) {
    const { loss, accuracy } = step(reading, seed);
    expect(accuracy).toBe(1);
    expect(loss).toBeLessThan(1e-3);
  }
});

it("shows a slice in all of its eight orientations", () => {
  // One slice that says which way it lies: a bright corner, and an edge that leads to it.
  const arrow = labelled([32, 32, 32], (_z, y, x) => (y < 3 && x < 3 ? 2 : y < 3 ? 1 : 0));
  const reading = readingLearner([arrow], { classes: 3, batchSize: 200, imageSize: 32 });
  step(reading, 1);
  const corners = [0, 31, 31 * 32, 31 * 32 + 31];
  const orientations = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const patch = reading.shown[0]!.subarray(i * 1024, (i + 1) * 1024);
    const labels = corners.map((at) => Math.round(patch[at]! / GREY));
    // Only slices across z have one bright corner and one that its edge leads to.
    if (labels.filter((l) => l === 2).length === 1 && labels.filter((l) => l === 1).length === 1) {
      orientations.add(labels.join(""));
    }
  }
  expect(orientations.size).toBe(8);
});

it("centres two of three patches on foreground, however rare it is, each class as often", () => {
  const rare = labelled([96, 96, 96], (z, y, x) =>
    z > 85 && y > 85 && x > 85 ? 1 : z === 20 && y === 30 && x === 40 ? 2 : 0,
  );
  const reading = readingLearner([rare], { classes: 3, batchSize: 300, imageSize: 32 });
  step(reading, 3);
  let [first, second] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const patch = reading.shown[0]!.subarray(i * 1024, (i + 1) * 1024);
    if (patch.some((v) => Math.round(v / GREY) === 2)) second++;
    else if (patch.some((v) => Math.round(v / GREY) === 1)) first++;
  }
  // A third each of 300; four standard deviations are 33. Chance alone would show the second never.
  expect(second).toBeGreaterThan(67);
  expect(second).toBeLessThan(134);
  expect(first).toBeGreaterThan(67);
});

it("learns from a crop without any foreground, too, and refuses to learn from none", () => {
  const empty = labelled([32, 32, 32], () => 0);
  const reading = readingLearner([empty], { classes: 2, batchSize: 2, imageSize: 32 });
  expect(step(reading, 1).accuracy).toBe(1);
  expect(() => readingLearner([], { classes: 2, batchSize: 2, imageSize: 32 })).toThrow(
    InvalidInput,
  );
});
