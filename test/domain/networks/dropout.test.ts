import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { dropout } from "../../../domain/networks/dropout.ts";
import { INFERENCE } from "../../../domain/networks/mode.ts";
import { createRandom } from "../../../domain/random.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const train = (seed: number) => ({ training: true, random: createRandom(seed) }) as const;

test("drops the share it is asked to, and keeps the mean", () => {
  const y = dropout(tf.ones([100, 100]), 0.2, train(1)).dataSync();
  const dropped = y.filter((v) => v === 0).length / y.length;
  expect(dropped).toBeCloseTo(0.2, 1);
  expect(y.every((v) => v === 0 || Math.abs(v - 1.25) < 1e-6)).toBe(true);
});

test("the same stream drops the same units, inference none", () => {
  const x = tf.ones([50]);
  expect(dropout(x, 0.5, train(2)).dataSync()).toEqual(dropout(x, 0.5, train(2)).dataSync());
  expect(dropout(x, 0.5, train(2)).dataSync()).not.toEqual(dropout(x, 0.5, train(3)).dataSync());
  expect(dropout(x, 0.5, INFERENCE)).toBe(x);
});
