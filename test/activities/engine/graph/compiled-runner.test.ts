import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createCompiledRunner } from "../../../../activities/engine/graph/compiled-runner.ts";
import { compileFunction } from "../../../../activities/engine/graph/compile-function.ts";
import { compiledOrEager } from "../../../../activities/engine/graph/compiled-or-eager.ts";
import { InvalidInput } from "../../../../domain/errors.ts";
import { exportParameters, importParameters } from "../../../../domain/networks/parameters.ts";
import type { NamedArrays, Parameters } from "../../../../domain/networks/parameters.ts";
import { type Arrays, toTensors } from "../../../../domain/training/arrays.ts";
import { eagerRunner } from "../../../../domain/training/eager-runner.ts";
import type { OptimizerConfig } from "../../../../domain/training/optimizer.ts";
import type { StepRunner } from "../../../../domain/training/step-program.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { createSortingStep } from "./sorting-step.ts";

beforeAll(async () => {
  process.env["TF_ENABLE_ONEDNN_OPTS"] = "0"; // sums in the same order, however many threads
  await useTensorFlow();
});

const small = (optimizer?: OptimizerConfig) =>
  createSortingStep({
    encoder: { kind: "resnet18", width: 4 },
    batch: 6,
    size: 32,
    ...(optimizer && { optimizer }),
  });

/** The largest difference over the largest value, of the worst array. */
function farthest(a: NamedArrays, b: NamedArrays): number {
  expect([...a.keys()]).toEqual([...b.keys()]);
  return Math.max(
    ...[...a].map(([name, { values }]) => {
      const other = b.get(name)!.values;
      const most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-30);
      return values.reduce((m, v, i) => Math.max(m, Math.abs(v - other[i]!)), 0) / most;
    }),
  );
}

async function run(runner: StepRunner, inputs: (step: number) => Arrays, from: number, to: number) {
  const losses: number[] = [];
  for (let step = from; step <= to; step++) losses.push((await runner.step(inputs(step)))[0]!);
  await runner.pull();
  return losses;
}

describe("a compiled step", () => {
  test("gives the loss and every gradient of the step as it is written", () => {
    const { learner, inputs, dispose } = small();
    const { network } = learner;
    const step = inputs(1);
    const example = { images: step["0/images"]!, positions: step["0/positions"]! };
    const differentiate = (of: Readonly<Record<string, tf.Tensor>>) => {
      const { value, grads } = tf.variableGrads(
        () => learner.loss(of, { training: true, mask: (shape) => tf.ones([...shape]) }).loss,
        [...network.parameters.values()],
      );
      return [value, ...[...network.parameters.values()].map(({ name }) => grads[name]!)];
    };
    const read = (tensors: readonly tf.Tensor[]): NamedArrays =>
      new Map(
        tensors.map((tensor, i) => [
          `${i}`,
          { shape: tensor.shape, values: tensor.dataSync() as Float32Array },
        ]),
      );
    const state = new Map([...network.parameters, ...network.statistics]);
    const before = exportParameters(state);
    const tensors = toTensors(example);
    const written = tf.tidy(() => differentiate(tensors));
    const eager = read(written);
    importParameters(state, before);
    const compiled = compileFunction(differentiate, example, state);
    expect(farthest(exportParameters(state), before)).toBe(0); // recording leaves no trace
    const results = compiled.run(example);
    expect(results.length).toBe(1 + network.parameters.size);
    expect(farthest(read(results), eager)).toBeLessThan(1e-4);
    tf.dispose([results, written, tensors]);
    compiled.dispose();
    dispose();
  });

  test.each<[string, OptimizerConfig]>([
    ["Adam", { kind: "adam" }],
    ["AdamW", { kind: "adamw", weightDecay: 0.1 }],
    ["SGD", { kind: "sgd", weightDecay: 0.01 }],
    ["LARS", { kind: "lars" }],
  ])("ends up where 20 written steps do, with %s", async (_, optimizer) => {
    const [eager, compiled] = [small(optimizer), small(optimizer)];
    const [one, other] = [eagerRunner(eager.program), createCompiledRunner(compiled.program)];
    const losses = await run(one, eager.inputs, 1, 20);
    const others = await run(other, compiled.inputs, 1, 20);
    others.forEach((loss, i) => expect(loss).toBeCloseTo(losses[i]!, 4));
    const states = [eager, compiled].map(({ program }) => exportParameters(program.state));
    expect(farthest(states[0]!, states[1]!)).toBeLessThan(1e-3);
    other.dispose();
    eager.dispose();
    compiled.dispose();
  });

  test("that is pulled, pushed into a fresh runner and continued is the same to the last bit", async () => {
    const [straight, resumed] = [small(), small()];
    const one = createCompiledRunner(straight.program);
    await run(one, straight.inputs, 1, 12);

    const first = createCompiledRunner(resumed.program);
    await run(first, resumed.inputs, 1, 5);
    const stored = exportParameters(resumed.program.state);
    first.dispose();
    const fresh = small();
    const second = createCompiledRunner(fresh.program);
    await second.step(fresh.inputs(99)); // elsewhere, before the state is restored
    importParameters(fresh.program.state, stored);
    await second.push();
    await run(second, fresh.inputs, 6, 12);

    const ends = [straight, fresh].map(({ program }) => exportParameters(program.state));
    expect(farthest(ends[0]!, ends[1]!)).toBe(0);
    one.dispose();
    second.dispose();
    [straight, resumed, fresh].forEach(({ dispose }) => dispose());
  });

  test("leaves no tensor and no graph behind, in TensorFlow neither", async () => {
    const { binding } = tf.backend() as unknown as {
      binding: { getNumOfTensors(): number; getNumOfSavedModels(): number };
    };
    const step = small();
    const graphs = binding.getNumOfSavedModels();
    const runner = createCompiledRunner(step.program);
    await runner.step(step.inputs(1));
    await runner.pull();
    const before = [tf.memory().numTensors, binding.getNumOfTensors()];
    for (let i = 2; i < 6; i++) {
      await runner.step(step.inputs(i));
      await runner.pull();
      await runner.push();
    }
    expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
    expect(binding.getNumOfSavedModels()).toBe(graphs + 1);
    runner.dispose();
    expect(binding.getNumOfSavedModels()).toBe(graphs);
    step.dispose();
  });

  test("refuses inputs of another shape, another name or another type", async () => {
    const step = small();
    const runner = createCompiledRunner(step.program);
    await runner.step(step.inputs(1));
    const { "0/positions": positions, ...others } = step.inputs(2);
    await expect(runner.step(others)).rejects.toThrow("needs its input 0/positions");
    const shorter = { shape: [5], values: positions!.values.slice(1) };
    const wrong = runner.step({ ...others, "0/positions": shorter });
    await expect(wrong).rejects.toThrow("0/positions of float32 [6], got float32 [5]");
    await expect(wrong).rejects.toBeInstanceOf(InvalidInput);
    const whole = { shape: [6], values: Int32Array.from(positions!.values) };
    await expect(runner.step({ ...others, "0/positions": whole })).rejects.toThrow("got int32 [6]");
    await expect(
      runner.step({ ...others, "0/positions": positions!, more: positions! }),
    ).rejects.toThrow("no input more");
    runner.dispose();
    step.dispose();
  });
});

test("a program that cannot be compiled runs as it is written, and it is said why", async () => {
  const total = tf.variable(tf.scalar(0), false);
  const state: Parameters = new Map([["total", total]]);
  const reasons: string[] = [];
  const runner = compiledOrEager((reason) => reasons.push(reason))({
    state,
    run({ x }) {
      const doubled = x!.mul(2).dataSync()[0]!; // a host round trip
      total.assign(total.add(doubled));
      return total.reshape([1]);
    },
  });
  const three = { x: { shape: [], values: Float32Array.of(3) } };
  expect([...(await runner.step(three))]).toEqual([6]);
  expect([...(await runner.step(three))]).toEqual([12]);
  expect(reasons).toEqual([expect.stringContaining("reads a value back after Mul")]);
  runner.dispose();
  total.dispose();
});
