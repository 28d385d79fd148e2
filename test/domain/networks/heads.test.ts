import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { INFERENCE } from "../../../domain/networks/mode.ts";
import { countTrainable, createParameters } from "../../../domain/networks/parameters.ts";
import { createRotationHead } from "../../../domain/networks/rotation-head.ts";
import { createSortingHead } from "../../../domain/networks/sorting-head.ts";
import { seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

test("the sorting score of a slice is the mean of its superpixels' scores", () => {
  const head = createSortingHead(3);
  const parameters = createParameters(head.specs, 1);
  const features = seeded([2, 4, 5, 3], 2) as tf.Tensor4D;
  const map = head.map(parameters, features);
  expect(map.shape).toEqual([2, 4, 5]);
  const [w, b] = [parameters.get("score.weights")!, parameters.get("score.bias")!];
  const pixel = features.slice([1, 2, 3, 0], [1, 1, 1, 3]).flatten().dot(w.flatten()).add(b);
  expect(map.slice([1, 2, 3], [1, 1, 1]).dataSync()[0]).toBeCloseTo(pixel.dataSync()[0]!, 5);
  const means = map.mean([1, 2]).dataSync();
  head
    .apply(parameters, features)
    .dataSync()
    .forEach((v, i) => expect(v).toBeCloseTo(means[i]!, 5));
});

test("a normalised sorting head brings superpixels' scores to mean 0 and variance 1", () => {
  const head = createSortingHead(512, true);
  expect(11_170_240 + countTrainable(head.specs)).toBe(11_170_755); // method.md §3.4
  const small = createSortingHead(3, true);
  const parameters = createParameters(small.specs, 1);
  const features = seeded([2, 4, 5, 3], 2) as tf.Tensor4D;
  const map = small.map(parameters, features, { training: true, momentum: 0.1 });
  const { mean, variance } = tf.moments(map);
  expect(mean.dataSync()[0]).toBeCloseTo(0, 5);
  expect(variance.dataSync()[0]).toBeCloseTo(1, 3);
});

test("the rotation head tells first from twin", () => {
  const head = createRotationHead({ inputs: 4, hidden: 8, dropout: 0.5, classes: 7 });
  const parameters = createParameters(head.specs, 1);
  const [a, b] = [seeded([2, 4], 1) as tf.Tensor2D, seeded([2, 4], 2) as tf.Tensor2D];
  const logits = head.apply(parameters, a, b, INFERENCE);
  expect(logits.shape).toEqual([2, 7]);
  expect(logits.dataSync()).not.toEqual(head.apply(parameters, b, a, INFERENCE).dataSync());
});
