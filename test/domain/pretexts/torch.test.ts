import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import {
  marginRankingLoss,
  type MarginRankingOptions,
} from "../../../domain/pretexts/margin-ranking-loss.ts";
import { matchKeys } from "../../../domain/pretexts/match-keys.ts";
import { ntXent } from "../../../domain/pretexts/nt-xent.ts";
import { rotationLoss } from "../../../domain/pretexts/rotation-loss.ts";
import { numbers } from "../../support/formula.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";
import { torchFixture } from "../../support/torch-fixture.ts";

interface Result {
  readonly loss: number;
  /** Of each of its tensors. */
  readonly gradients: readonly (readonly number[])[];
}
type Viewed = Result & { readonly temperature: number };

/** What `test/fixtures/make/torch/losses.py` writes. */
const fixture = torchFixture<{
  readonly positions: readonly number[];
  readonly sorting: readonly (Result & { readonly options: MarginRankingOptions })[];
  readonly rotation: Result & { readonly classes: readonly number[] };
  readonly shape: [number, number];
  readonly ntXent: readonly Viewed[];
  readonly supCon: readonly Viewed[];
  readonly mocov3: readonly Viewed[];
}>("losses");

beforeAll(async () => {
  await useTensorFlow();
});

function expectAgreement(
  loss: (...x: tf.Tensor[]) => tf.Scalar,
  inputs: readonly tf.Tensor[],
  { loss: expected, gradients }: Result,
): void {
  const { value, grads } = tf.valueAndGrads(loss)([...inputs]);
  expect(Math.abs(value.dataSync()[0]! - expected)).toBeLessThan(1e-5);
  grads.forEach((gradient, i) => {
    const errors = gradient.dataSync().map((v, j) => Math.abs(v - gradients[i]![j]!));
    expect(gradient.size).toBe(gradients[i]!.length);
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });
}

test.each(fixture.sorting.map((result, i) => ({ ...result, i })))(
  "the sorting loss and its gradient are torch's, with $options",
  ({ options, i, ...result }) => {
    const positions = tf.tensor1d([...fixture.positions], "int32");
    const scores = tf.tensor1d(numbers(`scores ${i}`, positions.size));
    expectAgreement(
      (z) => marginRankingLoss(z as tf.Tensor1D, positions, options),
      [scores],
      result,
    );
  },
);

test("the rotation loss and its gradient are torch's", () => {
  const { classes } = fixture.rotation;
  const logits = tf.tensor2d(
    numbers("logits", 7 * classes.length).map((v) => 3 * v),
    [classes.length, 7],
  );
  const truth = tf.tensor1d([...classes], "int32");
  expectAgreement((x) => rotationLoss(x as tf.Tensor2D, truth), [logits], fixture.rotation);
});

const views = () => {
  const [n, d] = fixture.shape;
  return [
    tf.tensor2d(
      numbers("first", n * d).map((v) => 2 * v),
      [n, d],
    ),
    tf.tensor2d(
      numbers("second", n * d).map((v) => v / 2),
      [n, d],
    ),
  ];
};

test.each(fixture.ntXent)("NT-Xent at τ = $temperature is lightly's", (result) => {
  expectAgreement((a, b) => ntXent(a as tf.Tensor2D, b as tf.Tensor2D, result), views(), result);
});

test.each(fixture.supCon)("NT-Xent at τ = $temperature is SupCon's unsupervised form", (result) => {
  expectAgreement((a, b) => ntXent(a as tf.Tensor2D, b as tf.Tensor2D, result), views(), result);
});

test.each(fixture.mocov3)("MoCo v3's contrast at τ = $temperature is torch's", (result) => {
  const loss = (q: tf.Tensor, k: tf.Tensor) =>
    matchKeys(q as tf.Tensor2D, k as tf.Tensor2D, result).loss;
  expectAgreement(loss, views(), result);
});
