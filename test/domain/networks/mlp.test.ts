import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createMlp, type MlpConfig } from "../../../domain/networks/mlp.ts";
import { countTrainable, createParameters } from "../../../domain/networks/parameters.ts";
import { seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const TRAINING = { training: true, momentum: 0.1 };
const create = (last: MlpConfig["last"]) => createMlp({ sizes: [3, 5, 2], last });

test.each([
  ["none", 3 * 5 + 2 * 5 + 5 * 2],
  ["fixed", 3 * 5 + 2 * 5 + 5 * 2],
  ["scaled", 3 * 5 + 2 * 5 + 5 * 2 + 2],
] as const)("with the last norm %s it has %i trainable numbers", (last, count) => {
  expect(countTrainable(create(last).specs)).toBe(count);
});

test("is linear, norm, ReLU, linear, computed by hand", () => {
  const mlp = create("none");
  const parameters = createParameters(mlp.specs, 1);
  const x = seeded([4, 3], 2) as tf.Tensor2D;
  const hidden = x.matMul(parameters.get("layer1.weights") as tf.Tensor);
  const { mean, variance } = tf.moments(hidden, 0);
  const normal = hidden.sub(mean).div(variance.add(1e-5).sqrt()).relu<tf.Tensor2D>();
  const expected = normal.matMul(parameters.get("layer2.weights") as tf.Tensor);
  const found = mlp.apply(parameters, x, TRAINING).dataSync();
  expected.dataSync().forEach((v, i) => expect(found[i]).toBeCloseTo(v, 5));
});

test("a fixed last norm leaves columns of mean 0 and variance 1, whatever the weights", () => {
  const mlp = create("fixed");
  const parameters = createParameters(mlp.specs, 1);
  const y = mlp.apply(parameters, seeded([16, 3], 2) as tf.Tensor2D, TRAINING);
  const { mean, variance } = tf.moments(y, 0);
  mean.dataSync().forEach((v) => expect(v).toBeCloseTo(0, 5));
  variance.dataSync().forEach((v) => expect(v).toBeCloseTo(1, 2));
});

test("a batch of one gives finite numbers and gradients", () => {
  const mlp = create("scaled");
  const parameters = createParameters(mlp.specs, 1);
  const x = tf.tensor2d([[1, 2, 3]]);
  const { value, grads } = tf.variableGrads(() =>
    mlp.apply(parameters, x, TRAINING).sum<tf.Scalar>(),
  );
  const numbers = [value, ...Object.values(grads)].flatMap((t) => [...t.dataSync()]);
  expect(numbers.every(Number.isFinite)).toBe(true);
});
