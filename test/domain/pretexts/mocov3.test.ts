import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { batchNorm, batchNormSpecs } from "../../../domain/networks/batch-norm.ts";
import { convolutionSpec, convolve } from "../../../domain/networks/convolution.ts";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import type { Encoder } from "../../../domain/networks/encoder.ts";
import { INFERENCE, type TrainingMode } from "../../../domain/networks/mode.ts";
import { countTrainable } from "../../../domain/networks/parameters.ts";
import { createMocov3Learner } from "../../../domain/pretexts/mocov3.ts";
import { createMocov3Network, mocov3Specs } from "../../../domain/pretexts/mocov3-network.ts";
import { momentumGap } from "../../../domain/pretexts/momentum-schedule.ts";
import { withoutGradient } from "../../../domain/pretexts/without-gradient.ts";
import { numbers, setByFormula } from "../../support/formula.ts";
import { expectNoLeak } from "../../support/tensors.ts";
import { torchFixture } from "../../support/torch-fixture.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** What `test/fixtures/make/torch/mocov3.py` writes. */
interface Fixture {
  readonly losses: readonly number[];
  readonly query: Readonly<Record<string, readonly number[]>>;
  readonly key: Readonly<Record<string, readonly number[]>>;
}

const [N, SIZE, STEPS, RATE] = [6, 8, 5, 0.05];

const TRAINING: TrainingMode = {
  training: true,
  mask: () => {
    throw new Error("There is no dropout here");
  },
};

/** A 3×3 convolution with batch norm and ReLU: what the script calls Encoder. */
const small: Encoder = {
  config: { kind: "window-net", width: 4 },
  specs: [convolutionSpec("stem", 3, 1, 4), ...batchNormSpecs("stemBn", 4)],
  embeddingSize: 4,
  featureChannels: [4],
  momentum: 0.1,
  features: (parameters, x, mode) => [
    batchNorm(parameters, "stemBn", convolve(parameters, "stem", x), mode).relu(),
  ],
};

function create(steps = STEPS) {
  const network = createMocov3Network(small, 0, {
    sizes: { hidden: 7, outputs: 3 },
    momentum: { start: 0.9, steps },
  });
  return { network, learner: createMocov3Learner(network, { temperature: 0.2 }) };
}

const view = (name: string) => tf.tensor4d(numbers(name, N * SIZE * SIZE), [N, SIZE, SIZE, 1]);

test("five steps are those of the published order: queries, momentum, keys, optimizer", () => {
  const fixture = torchFixture<Fixture>("mocov3");
  const { network, learner } = create();
  Object.values(network.parts).forEach((part) => setByFormula(part));
  network.momentum.copy();
  for (let step = 0; step < STEPS; step++) {
    const inputs = { a: view(`a ${step}`), b: view(`b ${step}`) };
    const { value, grads } = tf.variableGrads(
      () => learner.loss(inputs, TRAINING).loss,
      [...network.parameters.values()],
    );
    expect(value.dataSync()[0]).toBeCloseTo(fixture.losses[step]!, 4);
    for (const variable of network.parameters.values()) {
      variable.assign(variable.sub(grads[variable.name]!.mul(RATE)));
    }
    learner.after!(inputs);
  }
  const all = new Map([...network.parameters, ...network.statistics]);
  for (const [name, expected] of Object.entries(fixture.query)) {
    expect(worst(all.get(name)!, expected), name).toBeLessThan(1e-4);
  }
  for (const [name, expected] of Object.entries(fixture.key)) {
    expect(worst(learner.extra!.get(`momentum/${name}`)!, expected), name).toBeLessThan(1e-4);
  }
  network.dispose();
});

function worst(found: tf.Tensor, expected: readonly number[]): number {
  expect(found.size).toBe(expected.length);
  return Math.max(...found.dataSync().map((v, i) => Math.abs(v - expected[i]!)));
}

// method.md §3.2, one input channel
test.each([
  ["resnet18", 3_153_920, 2_105_344, 16_429_504],
  ["resnet50", 9_445_376, 2_105_344, 35_052_480],
] as const)(
  "on a %s projector, predictor and query network count as published",
  (kind, ...counts) => {
    const specs = mocov3Specs(createEncoder({ kind, width: 64 }));
    const [projector, predictor] = [specs.projector, specs.predictor].map(countTrainable);
    expect([projector, predictor, countTrainable(specs.encoder) + projector! + predictor!]).toEqual(
      counts,
    );
  },
);

test("the momentum rises from its start to 1 along half a cosine", () => {
  const gap = (done: number) => momentumGap(tf.scalar(done), 0.99).dataSync()[0]!;
  expect(gap(0)).toBeCloseTo(0.01, 8);
  expect(gap(0.25)).toBeCloseTo((0.01 * (1 + Math.SQRT1_2)) / 2, 8);
  expect(gap(0.5)).toBeCloseTo(0.005, 8);
  expect(gap(1)).toBeCloseTo(0, 8);
});

test("the momentum encoder starts as a copy, follows by 1 - m, and stands still at the end", () => {
  const { network } = create(2);
  const name = "encoder/stem.kernel";
  const [leader, follower] = [network.parameters.get(name)!, network.momentum.extra];
  const own = follower.get(`momentum/${name}`)!;
  expect(own.dataSync()).toEqual(leader.dataSync());
  const before = own.dataSync()[0]!;
  leader.assign(leader.add(1));
  network.momentum.follow(); // m = 1 - ½ (1 + cos ½π) 0.1 = 0.95
  expect(own.dataSync()[0]).toBeCloseTo(before + 0.05, 6);
  network.momentum.follow(); // m = 1
  network.momentum.follow();
  expect(own.dataSync()[0]).toBeCloseTo(before + 0.05, 6);
  network.momentum.copy();
  expect(own.dataSync()).toEqual(leader.dataSync());
  network.dispose();
});

test("no gradient reaches the momentum encoder, and only training moves its statistics", () => {
  const { network, learner } = create();
  const inputs = { a: view("a"), b: view("b") };
  const mean = network.momentum.parts.encoder.get("stemBn.mean")!;
  const { value, outputs } = tf.tidy(() => {
    const { loss, outputs } = learner.loss(inputs, INFERENCE);
    return { value: loss.dataSync()[0]!, outputs: outputs.dataSync<"float32">().slice() };
  });
  expect(value).toBeGreaterThan(0);
  expect(learner.metrics({}, outputs).accuracy).toBeGreaterThanOrEqual(0);
  expect([...mean.dataSync()]).toEqual([0, 0, 0, 0]);
  const everything = [...network.parameters.values(), ...network.momentum.extra.values()];
  const { grads } = tf.variableGrads(() => learner.loss(inputs, TRAINING).loss, everything);
  const momentum = [...network.momentum.extra.values()].map(({ name }) => grads[name]);
  expect(momentum.every((gradient) => gradient == null || isZero(gradient))).toBe(true);
  expect([...mean.dataSync()]).not.toEqual([0, 0, 0, 0]);
  network.dispose();
});

function isZero(tensor: tf.Tensor): boolean {
  return tensor.dataSync().every((v) => v === 0);
}

test("what is computed without gradient has its value and none", () => {
  const square = (x: tf.Tensor) => x.mul(withoutGradient(() => x.mul(3))).sum<tf.Scalar>();
  const { value, grad } = tf.valueAndGrad(square)(tf.tensor1d([2, 5]));
  expect(value.dataSync()[0]).toBe(12 + 75);
  expect([...grad.dataSync()]).toEqual([6, 15]);
});

test("a step leaves nothing behind but its result, and creating and disposing nothing at all", () => {
  const { network, learner } = create();
  const inputs = { a: view("a"), b: view("b") };
  expectNoLeak(() => {
    const { value, grads } = tf.variableGrads(
      () => learner.loss(inputs, TRAINING).loss,
      [...network.parameters.values()],
    );
    tf.dispose([value, grads]);
    learner.after!(inputs);
  });
  network.dispose();
  expectNoLeak(() => create().network.dispose());
});

test("gradients are finite where all images are alike", () => {
  const { network, learner } = create();
  const same = tf.ones<tf.Rank.R4>([N, SIZE, SIZE, 1]);
  const { grads } = tf.variableGrads(
    () => learner.loss({ a: same, b: same }, TRAINING).loss,
    [...network.parameters.values()],
  );
  for (const gradient of Object.values(grads)) {
    expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
  }
  network.dispose();
});
