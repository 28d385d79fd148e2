import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createAdam } from "../../../domain/training/adam.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

test("agrees with algorithm 1 of the paper over three steps, one of them clipped", () => {
  const w = tf.variable(tf.tensor1d([1, -2]));
  const adam = createAdam(new Map([["w", w]]));
  const p = [1, -2];
  const [m, v] = [
    [0, 0],
    [0, 0],
  ];
  const gradients = [
    [0.3, -0.1],
    [30, 40],
    [-0.2, 0.5],
  ];
  const rate = 0.01;
  gradients.forEach((g, t) => {
    const norm = adam.update(new Map([["w", tf.tensor1d(g)]]), { step: t + 1, rate, clipNorm: 5 });
    const length = Math.hypot(...g);
    expect(norm.dataSync()[0]).toBeCloseTo(length, 4);
    const scale = Math.min(1, 5 / length);
    g.forEach((raw, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * raw * scale;
      v[i] = 0.999 * v[i]! + 0.001 * (raw * scale) ** 2;
      const [mHat, vHat] = [m[i] / (1 - 0.9 ** (t + 1)), v[i] / (1 - 0.999 ** (t + 1))];
      p[i] = p[i]! - (rate * mHat) / (Math.sqrt(vHat) + 1e-8);
    });
    w.dataSync().forEach((value, i) => expect(value).toBeCloseTo(p[i]!, 5));
  });
});

test("stands still, and stays finite, on a zero gradient", () => {
  const w = tf.variable(tf.tensor1d([1]));
  const adam = createAdam(new Map([["w", w]]));
  adam.update(new Map([["w", tf.zeros([1])]]), { step: 1, rate: 0.1, clipNorm: 5 }).dispose();
  expect([...w.dataSync()]).toEqual([1]);
});

test("leaves no tensor behind but the norm", () => {
  const w = tf.variable(tf.tensor1d([1]));
  const adam = createAdam(new Map([["w", w]]));
  const before = tf.memory().numTensors;
  adam.update(new Map([["w", tf.ones([1])]]), { step: 1, rate: 0.1, clipNorm: 5 }).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
