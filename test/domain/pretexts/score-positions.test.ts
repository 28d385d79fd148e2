import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { INFERENCE } from "../../../domain/networks/mode.ts";
import { createSortingNetwork } from "../../../domain/pretexts/pretext-network.ts";
import { scorePositions } from "../../../domain/pretexts/score-positions.ts";
import { createRandom } from "../../../domain/random.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";

beforeAll(async () => void (await useTensorFlow()));

test("every slice gets the score of the slice alone, in order, and nothing leaks", async () => {
  const random = createRandom(3, "volume");
  const [depth, side] = [19, 16];
  const data = Float32Array.from({ length: depth * side ** 2 }, () => random.normal());
  const volume = { shape: [depth, side, side] as const, data };
  const network = createSortingNetwork({ pretext: "sorting", encoder: "resnet18", width: 2 }, 4);
  const before = tf.memory().numTensors;
  const fractions: number[] = [];
  const steps = scorePositions(network, volume, { imageSize: side });
  let next = await steps.next();
  for (; next.done !== true; next = await steps.next()) fractions.push(next.value.fraction);
  const scores = next.value;

  expect(fractions).toEqual([16 / 19, 1]);
  expect(tf.memory().numTensors).toBe(before);
  for (let z = 0; z < depth; z++) {
    const slice = tf.tidy(() => {
      const values = data.slice(z * side ** 2, (z + 1) * side ** 2);
      return network.score(tf.tensor4d(values, [1, side, side, 1]), INFERENCE).dataSync();
    });
    expect(scores[z]).toBeCloseTo(slice[0]!, 4);
  }
  expect(new Set(scores).size).toBe(depth);
  network.dispose();
});
