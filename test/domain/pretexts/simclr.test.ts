import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { INFERENCE, type TrainingMode } from "../../../domain/networks/mode.ts";
import { countTrainable } from "../../../domain/networks/parameters.ts";
import { createSimclrLearner } from "../../../domain/pretexts/simclr.ts";
import { createSimclrNetwork, simclrSpecs } from "../../../domain/pretexts/simclr-network.ts";
import { ntXent } from "../../../domain/pretexts/nt-xent.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const TRAINING: TrainingMode = { training: true, mask: (shape) => tf.ones([...shape]) };
const encoder = createEncoder({ kind: "window-net", width: 2 });
const batch = (seed: number) => ({
  a: seeded([4, 8, 8, 1], seed) as tf.Tensor4D,
  b: seeded([4, 8, 8, 1], seed + 1) as tf.Tensor4D,
});

test("projectors have the published layers: no biases, the last norm without offset", () => {
  const resnet = createEncoder({ kind: "resnet18", width: 64 });
  const count = (projection: Parameters<typeof simclrSpecs>[1]) =>
    countTrainable(simclrSpecs(resnet, projection).projector);
  expect(count({ kind: "mlp" })).toBe(512 * 512 + 2 * 512 + 512 * 128 + 128);
  expect(count({ kind: "mlp", layers: 3, hidden: 2048 })).toBe(
    512 * 2048 + 2 * 2048 + 2048 * 2048 + 2 * 2048 + 2048 * 128 + 128,
  );
  // The authors': a linear layer with its bias, batch norm on 256 channels.
  expect(count({ kind: "superpixel" })).toBe(512 * 256 + 256 + 2 * 256);
});

test("the loss is NT-Xent of the projections of both views in one pass", () => {
  const network = createSimclrNetwork(encoder, 1);
  const learner = createSimclrLearner(network, { temperature: 0.1 });
  const inputs = batch(3);
  const { loss, outputs } = learner.loss(inputs, INFERENCE);
  const [a, b] = [network.project(inputs.a, INFERENCE), network.project(inputs.b, INFERENCE)];
  expect(a.shape).toEqual([4, 128]);
  const expected = ntXent(a, b, { temperature: 0.1 }).dataSync()[0]!;
  expect(loss.dataSync()[0]).toBeCloseTo(expected, 4);
  const { accuracy } = learner.metrics({}, outputs.dataSync<"float32">());
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => n / 8)).toContain(accuracy);
  // In one pass, batch norm sees both views: swapping them changes nothing.
  const turned = learner.loss({ a: inputs.b, b: inputs.a }, TRAINING).loss.dataSync()[0]!;
  expect(learner.loss(inputs, TRAINING).loss.dataSync()[0]).toBeCloseTo(turned, 4);
  network.dispose();
});

test("the authors' projection is a normalised linear map, averaged over superpixels", () => {
  const network = createSimclrNetwork(encoder, 1, { kind: "superpixel", outputs: 5 });
  const x = batch(5).a;
  const mode = { training: false, momentum: encoder.momentum };
  const maps = encoder.features(network.parts.encoder, x, mode).at(-1)!;
  const weights = network.parts.projector.get("project.weights")! as tf.Tensor;
  const bias = network.parts.projector.get("project.bias")! as tf.Tensor;
  // Fresh running statistics are 0 and 1; a mean of linear maps is the linear map of the mean.
  const expected = maps
    .mean<tf.Tensor2D>([1, 2])
    .matMul(weights as tf.Tensor2D)
    .add(bias)
    .div(Math.sqrt(1 + 1e-5))
    .dataSync();
  const found = network.project(x, INFERENCE).dataSync();
  found.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
  network.dispose();
});

test("every weight gets a gradient, and a step leaves nothing behind", () => {
  const network = createSimclrNetwork(encoder, 1);
  const learner = createSimclrLearner(network, { temperature: 0.5 });
  const inputs = batch(7);
  const step = () =>
    tf.variableGrads(() => learner.loss(inputs, TRAINING).loss, [...network.parameters.values()]);
  const { grads } = step();
  for (const [name, { name: id }] of network.parameters) {
    const values = [...grads[id]!.dataSync()];
    expect(values.every(Number.isFinite), name).toBe(true);
    expect(
      values.some((v) => v !== 0),
      name,
    ).toBe(true);
  }
  expectNoLeak(() => tf.dispose({ ...step() }));
  network.dispose();
  expectNoLeak(() => createSimclrNetwork(encoder, 1).dispose());
});
