import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { marginRankingLoss } from "../../../domain/pretexts/margin-ranking-loss.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const value = (scores: number[], positions: number[], options = {}) =>
  marginRankingLoss(tf.tensor1d(scores), positions, options).dataSync()[0]!;

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

test("costs nothing, and has a finite gradient, where no two positions differ", () => {
  expect(value([1, 2], [5, 5])).toBe(0);
  const gradient = tf.grad((z) => marginRankingLoss(z as tf.Tensor1D, [5, 5]))(tf.tensor1d([1, 2]));
  expect([...gradient.dataSync()]).toEqual([0, 0]);
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
  const z = tf.tensor1d([1, 2, 3]);
  expectNoLeak(() => marginRankingLoss(z, [0, 1, 2]).dispose());
});

test("rejects scores without positions and margins below zero", () => {
  expect(() => value([1, 2, 3], [0, 1])).toThrow(InvalidInput);
  expect(() => value([1, 2], [0, 1], { margin: NaN })).toThrow(InvalidInput);
});
