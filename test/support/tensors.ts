import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { createRandom } from "../../domain/random.ts";

/** Normal random numbers, the same at every run. */
export function seeded(shape: number[], seed: number): tf.Tensor {
  const random = createRandom(seed, "test");
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

/** Run `body` twice (the first may warm caches) and insist that the second leaves no tensor. */
export function expectNoLeak(body: () => void): void {
  body();
  const before = tf.memory().numTensors;
  body();
  expect(tf.memory().numTensors).toBe(before);
}
