import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { featureMode } from "../../../domain/networks/encoder.ts";
import { INFERENCE, type TrainingMode } from "../../../domain/networks/mode.ts";
import { createNetwork, type Network } from "../../../domain/networks/network.ts";
import { exportParameters } from "../../../domain/networks/parameters.ts";
import { dropChannels } from "../../../domain/networks/spatial-dropout.ts";
import { createRandom } from "../../../domain/random.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

const encoder = createEncoder({ kind: "resnet18", width: 2 });
let network: Network<"encoder">;
let x: tf.Tensor4D;

beforeAll(async () => {
  await tf.setBackend("cpu");
  network = createNetwork({ encoder: encoder.specs }, 1);
  x = seeded([2, 32, 32, 1], 2) as tf.Tensor4D;
});

afterAll(() => network.dispose());

/** Masks by chance; remembers what was asked for. */
function chance(seed: number) {
  const asked: (readonly number[])[] = [];
  const random = createRandom(seed);
  const mask: TrainingMode["mask"] = (shape, rate) => {
    asked.push(shape);
    const size = shape.reduce((product, n) => product * n, 1);
    const kept = () => (random.next() < rate ? 0 : 1 / (1 - rate));
    return tf.tensor(Float32Array.from({ length: size }, kept), [...shape]);
  };
  return { asked, mask };
}

const values = (maps: readonly tf.Tensor4D[]) => maps.map((map) => [...map.dataSync()]);

test("a channel is dropped as a whole, for one image, and the others are scaled up", () => {
  const mask = () => tf.tensor4d([0, 2, 2, 0], [2, 1, 1, 2]);
  const y = dropChannels(tf.ones([2, 3, 3, 2]), 0, { rates: [0.5], mask });
  const places = Array.from({ length: 9 }, () => 0);
  expect([...y.dataSync()]).toEqual([
    ...places.flatMap(() => [0, 2]),
    ...places.flatMap(() => [2, 0]),
  ]);
});

test("stages ask for masks in their order, and only where they have a rate", () => {
  const { asked, mask } = chance(1);
  const how = featureMode(encoder, { training: true, mask }, [0.5, 0.5, 0, 0.5]);
  tf.dispose(encoder.features(network.parts.encoder, x, how));
  expect(asked).toEqual([
    [2, 1, 1, 2],
    [2, 1, 1, 4],
    [2, 1, 1, 16],
  ]);
});

test("a map after dropout has whole channels of zeros, and what follows sees them", () => {
  const none = () => tf.zeros([2, 1, 1, 4]);
  const how = { training: false, momentum: 0.1, dropout: { rates: [0, 0.5], mask: none } };
  const maps = values(encoder.features(network.parts.encoder, x, how));
  const plain = values(encoder.features(network.parts.encoder, x, featureMode(encoder, INFERENCE)));
  expect(maps.slice(0, 2)).toEqual(plain.slice(0, 2));
  expect(maps[2]!.every((v) => v === 0)).toBe(true);
  expect(plain[2]!.some((v) => v !== 0)).toBe(true);
  expect(maps[3]).not.toEqual(plain[3]);
});

test("in inference, passes differ by their masks alone and running statistics stay", () => {
  const before = exportParameters(network.statistics);
  const pass = (seed: number) => {
    const dropout = { rates: [0.5, 0.5], mask: chance(seed).mask };
    const mode = { training: false, momentum: encoder.momentum, dropout };
    return values(encoder.features(network.parts.encoder, x, mode));
  };
  expect(pass(1)).toEqual(pass(1));
  expect(pass(1).at(-1)).not.toEqual(pass(2).at(-1));
  expect(pass(1)[0]).toEqual(pass(2)[0]);
  expect(exportParameters(network.statistics)).toEqual(before);
});

test("the rates of training count in training only", () => {
  const rates = [0.5, 0.5, 0.5, 0];
  const { mask } = chance(1);
  expect(featureMode(encoder, INFERENCE, rates)).toEqual({ training: false, momentum: 0.1 });
  expect(featureMode(encoder, { training: true, mask }, rates)).toEqual({
    training: true,
    momentum: 0.1,
    dropout: { rates, mask },
  });
  expect(featureMode(encoder, { training: true, mask })).toEqual({ training: true, momentum: 0.1 });
});

test("leaves nothing behind but its result", () => {
  const features = tf.ones<tf.Rank.R4>([2, 3, 3, 2]);
  expectNoLeak(() => dropChannels(features, 0, { rates: [0.5], mask: chance(1).mask }).dispose());
});
