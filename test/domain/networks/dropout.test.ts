import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { dropout } from "../../../domain/networks/dropout.ts";
import { INFERENCE } from "../../../domain/networks/mode.ts";
import { createRandom } from "../../../domain/random.ts";
import { toTensors } from "../../../domain/training/arrays.ts";
import { drawMasks, maskedTraining } from "../../../domain/training/masks.ts";
import { expectNoLeak } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** As a training step hands out masks. */
function dropped(x: tf.Tensor, rate: number, seed: number) {
  const masks = drawMasks([{ shape: x.shape, rate }], createRandom(seed));
  return dropout(x, rate, maskedTraining(toTensors(masks))).dataSync();
}

test("drops the share it is asked to, and keeps the mean", () => {
  const y = dropped(tf.ones([100, 100]), 0.2, 1);
  const share = y.filter((v) => v === 0).length / y.length;
  expect(share).toBeCloseTo(0.2, 1);
  expect(y.every((v) => v === 0 || Math.abs(v - 1.25) < 1e-6)).toBe(true);
});

test("the same stream drops the same units, another one others", () => {
  const x = tf.ones([50]);
  expect(dropped(x, 0.5, 2)).toEqual(dropped(x, 0.5, 2));
  expect(dropped(x, 0.5, 2)).not.toEqual(dropped(x, 0.5, 3));
});

test("drops nothing in inference, and asks for no mask at a rate of 0", () => {
  const x = tf.ones([50]);
  expect(dropout(x, 0.5, INFERENCE)).toBe(x);
  expect(dropout(x, 0, maskedTraining({}))).toBe(x);
});

test("asking for more masks than a step has is a bug that says so", () => {
  expect(() => dropout(tf.ones([2]), 0.5, maskedTraining({}))).toThrow(
    "There is no mask for 0: [2]",
  );
});

test("leaves nothing behind but its result", () => {
  const x = tf.ones([4]);
  const masks = toTensors(drawMasks([{ shape: [4], rate: 0.5 }], createRandom(1)));
  expectNoLeak(() => dropout(x, 0.5, maskedTraining(masks)).dispose());
});
