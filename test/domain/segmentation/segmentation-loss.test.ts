import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { segmentationLoss } from "../../../domain/segmentation/segmentation-learner.ts";
import { createRandom } from "../../../domain/random.ts";

beforeAll(() => tf.setBackend("cpu"));

const loss = (logits: number[][], classes: readonly number[]) =>
  tf.tidy(
    () =>
      segmentationLoss(
        tf.tensor2d(logits),
        tf.oneHot(tf.tensor1d([...classes], "int32"), logits[0]!.length).toFloat() as tf.Tensor2D,
      ).dataSync()[0]!,
  );

/** The same in plain numbers. */
function plain(logits: readonly (readonly number[])[], classes: readonly number[]): number {
  const shares = logits.map((row) => {
    const sum = row.reduce((total, v) => total + Math.exp(v), 0);
    return row.map((v) => Math.exp(v) / sum);
  });
  const weights = classes.map((c) => 1 / Math.sqrt(classes.filter((other) => other === c).length));
  const crossEntropy =
    -shares.reduce((sum, row, i) => sum + weights[i]! * Math.log(row[classes[i]!]!), 0) /
    weights.reduce((sum, weight) => sum + weight, 0);
  const dices = logits[0]!.slice(1).map((_, k) => {
    const c = k + 1;
    const both = shares.reduce((sum, row, i) => sum + (classes[i] === c ? row[c]! : 0), 0);
    const predicted = shares.reduce((sum, row) => sum + row[c]!, 0);
    const there = classes.filter((label) => label === c).length;
    return (2 * both + 1) / (predicted + there + 1);
  });
  return crossEntropy + 1 - dices.reduce((sum, d) => sum + d, 0) / dices.length;
}

it("is cross-entropy plus one minus Dice: two pixels by hand", () => {
  // Shares (.5, .5) where class 1 is true, and (.75, .25) where class 0 is: cross-entropy
  // (ln 2 + ln 4/3) / 2; Dice of class 1 (2·.5 + 1) / (.5 + .25 + 1 + 1) = 2 / 2.75.
  const expected = (Math.log(2) + Math.log(4 / 3)) / 2 + 1 - 2 / 2.75;
  const twoPixels = [
    [0, 0],
    [Math.log(3), 0],
  ];
  expect(loss(twoPixels, [1, 0])).toBeCloseTo(expected, 5);
});

it("does not count background in the Dice term, and is 0 for a certain, right answer", () => {
  const certain = [
    [60, 0, 0],
    [60, 0, 0],
  ];
  expect(loss(certain, [0, 0])).toBeCloseTo(0, 5);
  expect(
    loss(
      [
        [60, 0, 0],
        [0, 60, 0],
        [0, 0, 60],
      ],
      [0, 1, 2],
    ),
  ).toBeCloseTo(0, 5);
});

it("agrees with plain arithmetic on random logits, in value and in gradient", () => {
  const random = createRandom(9);
  const logits = Array.from({ length: 6 }, () => [0, 0, 0].map(() => 2 * random.normal()));
  const classes = [0, 1, 0, 0, 1, 0]; // class 2 is absent, class 1 rarer than 0
  expect(loss(logits, classes)).toBeCloseTo(plain(logits, classes), 5);

  const target = tf.oneHot(tf.tensor1d(classes, "int32"), 3).toFloat() as tf.Tensor2D;
  const gradient = tf
    .grad((x: tf.Tensor) => segmentationLoss(x as tf.Tensor2D, target))(tf.tensor2d(logits))
    .arraySync() as number[][];
  const h = 1e-5;
  const moved = (i: number, j: number, by: number) =>
    logits.map((row, a) => row.map((v, b) => (a === i && b === j ? v + by : v)));
  gradient.forEach((row, i) =>
    row.forEach((g, j) => {
      const slope = (plain(moved(i, j, h), classes) - plain(moved(i, j, -h), classes)) / (2 * h);
      expect(g, `logit ${i}, ${j}`).toBeCloseTo(slope, 4);
    }),
  );
});

it("stays finite, and so does its gradient, for wild logits and classes that do not occur", () => {
  const target = tf.oneHot(tf.tensor1d([0, 0], "int32"), 4).toFloat() as tf.Tensor2D;
  const x = tf.tensor2d([
    [-1e4, 1e4, 0, 0],
    [1e4, -1e4, 0, 30],
  ]);
  const value = segmentationLoss(x, target).dataSync()[0]!;
  expect(Number.isFinite(value)).toBe(true);
  expect(value).toBeGreaterThan(1000);
  const gradient = tf.grad((v: tf.Tensor) => segmentationLoss(v as tf.Tensor2D, target))(x);
  expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
});
