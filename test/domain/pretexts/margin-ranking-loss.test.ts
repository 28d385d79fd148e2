import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { marginRankingLoss } from "../../../domain/pretexts/margin-ranking-loss.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const value = (scores: number[], positions: number[], options = {}) =>
  marginRankingLoss(tf.tensor1d(scores), tf.tensor1d(positions), options).dataSync()[0]!;

const gradient = (scores: number[], positions: number[], options = {}) => {
  const loss = (z: tf.Tensor) =>
    marginRankingLoss(z as tf.Tensor1D, tf.tensor1d(positions, "int32"), options);
  return [...tf.grad(loss)(tf.tensor1d(scores)).dataSync()];
};

// method.md §2.2
test.each([
  [[0, 1], [0, 1], 0],
  [[0, 1], [1, 0], 1.2],
  [[3, 3, 3, 3], [0, 1, 2, 3], 0.2],
  [[0, 0.1, 0.3], [0, 1, 2], 0.1 / 3],
])("scores %j at %j cost %f", (scores, positions, expected) => {
  expect(value(scores, positions)).toBeCloseTo(expected, 6);
});

test("agrees with the double sum of the equation, equal positions skipped", () => {
  const z = [...seeded([9], 1).dataSync()];
  const psi = [4, 1, 1, 8, 0, 2, 2, 2, 5];
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < 9; i++) {
    for (let j = 0; j < 9; j++) {
      if (psi[i]! <= psi[j]!) continue;
      sum += Math.max(0, 0.2 - (z[i]! - z[j]!));
      pairs++;
    }
  }
  expect(value(z, psi)).toBeCloseTo(sum / pairs, 5);
});

test("does not care in which order slices are given", () => {
  expect(value([0.5, 0, 0.1], [2, 0, 1])).toBeCloseTo(value([0, 0.1, 0.5], [0, 1, 2]), 6);
});

test("takes positions of any number type", () => {
  const z = tf.tensor1d([0, 1]);
  const loss = marginRankingLoss(z, tf.tensor1d([7, 3], "int32"));
  expect(loss.dataSync()[0]).toBeCloseTo(1.2, 6);
});

test("costs nothing, and has a finite gradient, where no two positions differ", () => {
  expect(value([1, 2], [5, 5])).toBe(0);
  expect(gradient([1, 2], [5, 5])).toEqual([0, 0]);
  expect(value([1], [5])).toBe(0);
});

test.each([{}, { normalise: true }, { flipInvariant: true }])(
  "equal scores cost the margin and have finite gradients, with %j",
  (options) => {
    expect(value([3, 3, 3], [0, 1, 2], options)).toBeCloseTo(0.2, 6);
    expect(gradient([3, 3, 3], [0, 1, 2], options).every(Number.isFinite)).toBe(true);
  },
);

// method.md §2.2: k equal gaps of √12 / √(k² - 1) standard deviations
test.each([
  [17, 0.204],
  [32, 0.108],
])("normalised, %i equally spaced scores keep a margin of %f and no more", (k, gap) => {
  const line = Array.from({ length: k }, (_, i) => i);
  const scores = line.map((i) => 5 + 3 * i);
  expect(value(scores, line, { normalise: true, margin: gap - 1e-3 })).toBe(0);
  expect(value(scores, line, { normalise: true, margin: gap + 1e-3 })).toBeGreaterThan(0);
});

test("partitions are normalised apart and compared together", () => {
  const psi = [0, 1, 2, 3];
  const apart = { normalise: true, partitions: 2 };
  // Both halves become [-1, 1]; pairs (2, 1) and (2, 0) are 2 and 0 apart the wrong way, (3, 1) is 0.
  expect(value([0, 2, 10, 30], psi, apart)).toBeCloseTo((0.2 + 0.2 + 2.2) / 6, 4);
});

test("flip-invariant, a batch and its reverse cost the same: the better of the two", () => {
  const [z, psi] = [
    [0.9, 0.5, 0.4],
    [0, 1, 2],
  ];
  const both = { flipInvariant: true };
  expect(value(z, psi, both)).toBeCloseTo(value([...z].reverse(), psi, both), 6);
  expect(value(z, psi, both)).toBeCloseTo(value([...z].reverse(), psi), 6);
});

test("leaves nothing behind but its result", () => {
  const [z, psi] = [tf.tensor1d([1, 2, 3, 0]), tf.tensor1d([0, 1, 2, 3])];
  expectNoLeak(() => marginRankingLoss(z, psi).dispose());
  const options = { normalise: true, partitions: 2, flipInvariant: true };
  expectNoLeak(() => marginRankingLoss(z, psi, options).dispose());
});

test("rejects scores without positions, margins below zero, and partitions of one", () => {
  expect(() => value([1, 2, 3], [0, 1])).toThrow(InvalidInput);
  expect(() => value([1, 2], [0, 1], { margin: NaN })).toThrow(InvalidInput);
  for (const partitions of [0, 1.5, 2]) {
    const options = { normalise: true, partitions };
    expect(() => value([1, 2, 3], [0, 1, 2], options)).toThrow(InvalidInput);
  }
});
