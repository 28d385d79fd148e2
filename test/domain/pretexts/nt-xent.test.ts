import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { matchKeys } from "../../../domain/pretexts/match-keys.ts";
import { contrastViews, ntXent } from "../../../domain/pretexts/nt-xent.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const matrix = (shape: [number, number], seed: number) => seeded(shape, seed) as tf.Tensor2D;
const value = (a: tf.Tensor2D, b: tf.Tensor2D, temperature: number) =>
  ntXent(a, b, { temperature }).dataSync()[0]!;

// method.md §3.1
test("one image, both views equal, costs nothing: there is one candidate", () => {
  const z = tf.tensor2d([[3, 4]]);
  expect(value(z, z, 0.5)).toBeCloseTo(0, 12);
});

test("two orthogonal images with equal views cost -log(e^(1/τ) / (e^(1/τ) + 2))", () => {
  const z = tf.tensor2d([
    [1, 0],
    [0, 1],
  ]);
  expect(value(z, z, 1)).toBeCloseTo(0.5514, 4);
  expect(value(z, z, 1)).toBeCloseTo(-Math.log(Math.E / (Math.E + 2)), 6);
  expect(value(z, z, 0.1) / 9.08e-5).toBeCloseTo(1, 2);
});

test("agrees with the sum of the equation", () => {
  const [a, b] = [matrix([4, 3], 1), matrix([4, 3], 2)];
  const rows = [...a.arraySync(), ...b.arraySync()];
  const cosine = (i: number, j: number) => {
    const dot = (x: number[], y: number[]) => x.reduce((sum, v, k) => sum + v * y[k]!, 0);
    const [x, y] = [rows[i]!, rows[j]!];
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  };
  const each = rows.map((_, i) => {
    const others = rows.map((_, j) => j).filter((j) => j !== i);
    const sum = others.reduce((total, j) => total + Math.exp(cosine(i, j) / 0.3), 0);
    return -Math.log(Math.exp(cosine(i, (i + 4) % 8) / 0.3) / sum);
  });
  expect(value(a, b, 0.3)).toBeCloseTo(each.reduce((x, y) => x + y) / 8, 5);
});

test("does not care about the views' order and lengths, nor about the images' order", () => {
  const [a, b] = [matrix([3, 4], 3), matrix([3, 4], 4)];
  expect(value(b, a, 0.2)).toBeCloseTo(value(a, b, 0.2), 5);
  expect(value(a.mul(7), b.div(3), 0.2)).toBeCloseTo(value(a, b, 0.2), 5);
  const turned = (x: tf.Tensor2D) => tf.gather(x, [2, 0, 1]);
  expect(value(turned(a), turned(b), 0.2)).toBeCloseTo(value(a, b, 0.2), 5);
});

test("counts how often the partner is the most alike", () => {
  const a = tf.tensor2d([
    [1, 0],
    [0, 1],
    [-1, 0],
  ]);
  const all = contrastViews(a, a, { temperature: 1 }).accuracy.dataSync()[0];
  expect(all).toBe(1);
  // The first two views have changed partners: only both views of the third image are right.
  const swapped = tf.gather(a, [1, 0, 2]);
  expect(contrastViews(a, swapped, { temperature: 1 }).accuracy.dataSync()[0]).toBeCloseTo(
    1 / 3,
    6,
  );
  expect(matchKeys(a, swapped, { temperature: 1 }).accuracy.dataSync()[0]).toBeCloseTo(1 / 3, 6);
});

test("MoCo v3's contrast of equal orthogonal queries and keys is 2τ log(1 + e^(-1/τ))", () => {
  const q = tf.tensor2d([
    [2, 0],
    [0, 3],
  ]);
  const loss = matchKeys(q, q, { temperature: 0.5 }).loss.dataSync()[0]!;
  expect(loss).toBeCloseTo(2 * 0.5 * Math.log(1 + Math.exp(-2)), 6);
});

test.each([
  ["vectors of zeros", tf.zeros([3, 4])],
  ["equal vectors", tf.ones([3, 4])],
  ["one image", tf.ones([1, 4])],
] as const)("%s have finite losses and gradients", (_, x) => {
  const losses = [
    (a: tf.Tensor, b: tf.Tensor) =>
      ntXent(a as tf.Tensor2D, b as tf.Tensor2D, { temperature: 0.07 }),
    (a: tf.Tensor, b: tf.Tensor) =>
      matchKeys(a as tf.Tensor2D, b as tf.Tensor2D, { temperature: 0.2 }).loss,
  ];
  for (const loss of losses) {
    const { value, grads } = tf.valueAndGrads(loss)([x, x]);
    const numbers = [value, ...grads].flatMap((t) => [...t.dataSync()]);
    expect(numbers.every(Number.isFinite)).toBe(true);
  }
});

test("leaves nothing behind but its results", () => {
  const [a, b] = [matrix([3, 4], 5), matrix([3, 4], 6)];
  expectNoLeak(() => ntXent(a, b, { temperature: 0.1 }).dispose());
  expectNoLeak(() => tf.dispose({ ...contrastViews(a, b, { temperature: 0.1 }) }));
  expectNoLeak(() => tf.dispose({ ...matchKeys(a, b, { temperature: 0.1 }) }));
});

test("rejects views that do not pair and temperatures that are none", () => {
  const [a, b] = [matrix([3, 4], 5), matrix([2, 4], 6)];
  for (const contrast of [contrastViews, matchKeys]) {
    expect(() => contrast(a, b, { temperature: 1 })).toThrow(InvalidInput);
    expect(() => contrast(a, a, { temperature: 0 })).toThrow(InvalidInput);
  }
});
