import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { batchNorm, batchNormSpecs } from "../../../domain/networks/batch-norm.ts";
import { createParameters, disposeParameters } from "../../../domain/networks/parameters.ts";
import { expectNoLeak } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const fresh = () => createParameters(batchNormSpecs("n", 1), 0);
const four = () => tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]); // mean 3, variance 3.5, unbiased 14/3

test("training normalises by the biased variance and keeps the unbiased one, as torch does", () => {
  const parameters = fresh();
  const y = batchNorm(parameters, "n", four(), { training: true, momentum: 0.1 });
  const expected = [1, 2, 3, 6].map((v) => (v - 3) / Math.sqrt(3.5 + 1e-5));
  y.dataSync().forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
  expect(parameters.get("n.mean")!.dataSync()[0]).toBeCloseTo(0.1 * 3, 6);
  expect(parameters.get("n.variance")!.dataSync()[0]).toBeCloseTo(0.9 + (0.1 * 14) / 3, 6);
});

test("inference uses the running statistics and leaves them alone", () => {
  const parameters = fresh();
  parameters.get("n.mean")!.assign(tf.tensor1d([2]));
  parameters.get("n.variance")!.assign(tf.tensor1d([4]));
  const y = batchNorm(parameters, "n", four(), { training: false, momentum: 0.1 });
  y.dataSync().forEach((v, i) => expect(v).toBeCloseTo(([1, 2, 3, 6][i]! - 2) / 2, 4));
  expect([...parameters.get("n.mean")!.dataSync()]).toEqual([2]);
});

test("has a finite gradient even where a channel does not vary", () => {
  const parameters = fresh();
  const loss = (x: tf.Tensor) =>
    batchNorm(parameters, "n", x as tf.Tensor4D, { training: true, momentum: 0.1 })
      .square()
      .sum<tf.Scalar>();
  const gradient = tf.grad(loss)(tf.ones([1, 2, 2, 1]));
  expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
});

test("leaves nothing behind but its result", () => {
  const parameters = fresh();
  expectNoLeak(() => {
    const x = four();
    tf.dispose(tf.tidy(() => batchNorm(parameters, "n", x, { training: true, momentum: 0.1 })));
    x.dispose();
  });
  disposeParameters(parameters);
});
