import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { predict } from "../../../domain/segmentation/predict.ts";
import {
  createSegmentationNetwork,
  type SegmentationNetwork,
} from "../../../domain/segmentation/segmentation-network.ts";
import { type Grid, voxelCount, type Zyx } from "../../../domain/volumes/shape.ts";

beforeAll(() => tf.setBackend("cpu"));

function noise(shape: Zyx, seed = 1): Grid<Float32Array> {
  const random = createRandom(seed);
  return { shape, data: Float32Array.from({ length: voxelCount(shape) }, () => random.normal()) };
}

function run(model: SegmentationNetwork, image: Grid<Float32Array>, classes: number) {
  const fractions: number[] = [];
  const steps = predict(model, image, classes);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { labels: step.value, fractions };
    fractions.push(step.value.fraction);
  }
}

/** A "network" without weights, for tests of what is done with its answers. */
const fake = (logits: SegmentationNetwork["logits"]) => ({ logits }) as SegmentationNetwork;

it("gives every voxel of any shape the answer that its own pixel got", () => {
  const seen: number[][] = [];
  const sign = fake((x) => {
    seen.push(x.shape);
    return tf.concat4d([x.neg(), x], 3);
  });
  const image = noise([3, 33, 41]);
  const { labels, fractions } = run(sign, image, 2);
  expect(labels.shape).toEqual([3, 33, 41]);
  expect([...labels.data]).toEqual(Array.from(image.data, (v) => (v > 0 ? 1 : 0)));
  // Sides that the network takes: multiples of 32.
  expect(seen.every(([n, h, w]) => n! <= 8 && h! % 32 === 0 && w! % 32 === 0)).toBe(true);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

it("averages probabilities over the three axes", () => {
  // Sure of class 1 on slices across z (33 × 8), a little against it on the other two: the mean of
  // probabilities is above a half, two of three votes are against.
  const image = noise([4, 33, 8]);
  const across = fake((x) => {
    const z = x.shape[1] === 64 && x.shape[2] === 32;
    return tf.concat4d([tf.zerosLike(x), tf.onesLike(x).mul(z ? 9 : -0.4)], 3);
  });
  const { labels } = run(across, image, 2);
  const mean = (1 / (1 + Math.exp(-9)) + 2 / (1 + Math.exp(0.4))) / 3;
  expect(mean).toBeGreaterThan(0.5);
  expect(labels.data.every((label) => label === 1)).toBe(true);
});

it("is deterministic with a real network, whatever was predicted in between, and leaves no tensor", () => {
  const model = createSegmentationNetwork({ kind: "resnet18", width: 4 }, 3, 2);
  const image = noise([2, 32, 32], 5);
  const first = run(model, image, 3).labels;
  const before = tf.memory().numTensors;
  run(model, noise([1, 9, 32], 6), 3);
  const second = run(model, image, 3).labels;
  expect(second.data).toEqual(first.data);
  expect(first.data).toHaveLength(2 * 32 * 32);
  expect(first.data.every((label) => label < 3)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
  model.network.dispose();
});
