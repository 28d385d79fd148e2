import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { compileFrozen } from "../../../../activities/engine/graph/compile-frozen.ts";
import { compileFunction } from "../../../../activities/engine/graph/compile-function.ts";
import { foldBatchNorm } from "../../../../activities/engine/graph/fold-batch-norm.ts";
import { freezeState } from "../../../../activities/engine/graph/freeze-state.ts";
import { openBackend } from "../../../../activities/engine/graph/open-backend.ts";
import { record } from "../../../../activities/engine/graph/record.ts";
import { eagerRunner } from "../../../../domain/training/eager-runner.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { seeded } from "../../../support/tensors.ts";
import { farthest } from "../kernels/gradients.ts";
import { createSortingStep } from "./sorting-step.ts";

beforeAll(async () => {
  await useTensorFlow();
});

/** After a few steps, so that no batch norm is the identity. */
async function trained() {
  const step = createSortingStep({ encoder: { kind: "resnet50", width: 4 }, batch: 4, size: 32 });
  const runner = eagerRunner(step.program);
  for (const k of [1, 2, 3]) await runner.step(step.inputs(k));
  const { parameters, statistics } = step.learner.network;
  return { step, variables: new Map([...parameters, ...statistics]) };
}

test("compiled and frozen functions give what the function gives", async () => {
  const { step, variables } = await trained();
  const images = (seed: number) => {
    const tensor = seeded([4, 32, 32, 1], seed);
    const values = tensor.dataSync() as Float32Array;
    tensor.dispose();
    return { images: { shape: [4, 32, 32, 1], values } };
  };
  const call = (inputs: Readonly<Record<string, tf.Tensor>>) => [step.score(inputs["images"]!)];
  const compiled = compileFunction(call, images(1), variables);
  const frozen = compileFrozen(call, images(1), variables);
  const other = images(2);
  const expected = tf.tidy(() =>
    call({ images: tf.tensor(other.images.values.slice(), other.images.shape) }),
  )[0]!;
  const found = [compiled.run(other)[0]!, frozen.run(other)[0]!] as const;
  expect(farthest(found[0], expected)).toBeLessThan(1e-5);
  expect(farthest(found[1], expected)).toBeLessThan(1e-4);

  // The compiled one follows the variables when told, the frozen one never.
  for (const [, variable] of variables) tf.tidy(() => variable.assign(variable.mul(1.1)));
  compiled.push();
  const later = [compiled.run(other)[0]!, frozen.run(other)[0]!] as const;
  expect(farthest(later[0], expected)).toBeGreaterThan(1e-3);
  expect(farthest(later[1], found[1])).toBe(0);
  tf.dispose([expected, ...found, ...later]);
  compiled.dispose();
  frozen.dispose();
  step.dispose();
});

test("every batch norm of a ResNet is folded, and none whose convolution is wanted itself", async () => {
  const { step, variables } = await trained();
  const { binding } = openBackend();
  const x = seeded([1, 32, 32, 1], 1);
  const count = (of: ReturnType<typeof record>, op: string) =>
    of.operations.filter((operation) => operation.op === op).length;
  const recording = record(
    { state: variables, run: (inputs) => [step.score(inputs["images"]!)] },
    { images: x },
  );
  const folded = foldBatchNorm(freezeState(recording, variables), binding);
  expect(count(recording, "FusedBatchNormV3")).toBe(53);
  expect([count(folded, "FusedBatchNormV3"), count(folded, "BiasAdd")]).toEqual([0, 53]);

  const ones = tf.ones<tf.Rank.R1>([2]);
  const kernel = seeded([1, 1, 1, 2], 2) as tf.Tensor4D;
  const shared = record(
    {
      state: new Map(),
      run({ images }) {
        const y = tf.conv2d(images as tf.Tensor4D, kernel, 1, "valid");
        return [tf.batchNorm4d(y, ones, ones, ones, ones, 1e-3), y];
      },
    },
    { images: x },
  );
  expect(count(foldBatchNorm(shared, binding), "FusedBatchNormV3")).toBe(1);
  tf.dispose([x, ones, kernel]);
  step.dispose();
});
