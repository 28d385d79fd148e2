import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { FUSED_BATCH_NORM } from "../../../activities/engine/fused-batch-norm.ts";
import { createJobRunner } from "../../../activities/engine/pool.ts";
import { loadTensorFlow, tensorFlowInUse } from "../../../activities/engine/tensorflow.ts";
import { NotFound } from "../../../domain/errors.ts";
import { addonPath } from "./addon.ts";

const EPSILON = 1e-3;

test("a missing or broken addon is NotFound and says what to run", async () => {
  await expect(loadTensorFlow({ addon: "/no/such/tfjs.node" })).rejects.toBeInstanceOf(NotFound);
  await expect(loadTensorFlow({ addon: "/no/such/tfjs.node" })).rejects.toThrow("npm run setup");
  await expect(loadTensorFlow({ addon: import.meta.filename })).rejects.toBeInstanceOf(NotFound);
  expect(tensorFlowInUse()).toBeUndefined();
});

// In this order: the test above needs a process in which nothing is loaded.
let addon: string;
const load = async () => loadTensorFlow({ addon: (addon ??= await addonPath()) });

test("what imports @tensorflow/tfjs computes on TensorFlow, however often it is loaded", async () => {
  // As Node 23 and later are: without two functions that tfjs-node calls.
  Reflect.deleteProperty(util, "isNullOrUndefined");
  Reflect.deleteProperty(util, "isArray");
  const loaded = await load();
  await load();
  expect(loaded.engine()).toBe(tf.engine());
  expect(tf.getBackend()).toBe("tensorflow");
  expect(tensorFlowInUse()).toMatchObject({ version: expect.stringMatching(/^2\./) as string });
  const product = tf.tidy(() =>
    tf
      .tensor2d([[1, 2]])
      .matMul(tf.tensor2d([[3], [4]]))
      .dataSync(),
  );
  expect([...product]).toEqual([11]);
});

/** The textbook's batch norm, from operations that tfjs differentiates itself. */
function plain(x: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const { mean, variance } = tf.moments(x, axes);
  return x.sub(mean).div(variance.add(EPSILON).sqrt()).mul(g).add(b);
}

function fused(x: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(FUSED_BATCH_NORM, { x, g, b }, { epsilon: EPSILON });
}

function inputs(shape: number[]) {
  const channels = shape.at(-1)!;
  return [
    tf.randomNormal(shape, 3, 2, "float32", 1),
    tf.randomNormal([channels], 1, 0.5, "float32", 2),
    tf.randomNormal([channels], 0, 1, "float32", 3),
  ] as const;
}

function farthest(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return a.sub(b).abs().max().dataSync()[0]!;
}

test.each([[[4, 6, 5, 3]], [[2, 3, 4, 5, 2]]])(
  "fused batch norm of %j is the plain one",
  async (shape) => {
    await load();
    tf.tidy(() => {
      const [x, g, b] = inputs(shape);
      const [y, mean, variance] = fused(x, g, b);
      expect(farthest(y!, plain(x, g, b))).toBeLessThan(1e-4);
      const moments = tf.moments(x, shape.map((_, axis) => axis).slice(0, -1));
      const count = x.size / g.size;
      expect(farthest(mean!, moments.mean)).toBeLessThan(1e-4);
      expect(farthest(variance!, moments.variance.mul(count / (count - 1)))).toBeLessThan(1e-3);
    });
  },
);

test.each([[[4, 6, 5, 3]], [[2, 3, 4, 5, 2]]])(
  "so are its three gradients for %j",
  async (shape) => {
    await load();
    tf.tidy(() => {
      const [x, g, b] = inputs(shape);
      const dy = tf.randomNormal(shape, 0, 1, "float32", 4);
      const expected = tf.grads(plain)([x, g, b], dy);
      const actual = tf.grads((...args: tf.Tensor[]) => fused(args[0]!, args[1]!, args[2]!)[0]!)(
        [x, g, b],
        dy,
      );
      expected.forEach((gradient, i) => expect(farthest(actual[i]!, gradient)).toBeLessThan(1e-4));
    });
  },
);

test("fused batch norm leaves no tensor behind, in TensorFlow neither", async () => {
  await load();
  const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
  const step = () =>
    tf.tidy(() => {
      const [x, g, b] = inputs([2, 4, 4, 3]);
      tf.valueAndGrads((...args: tf.Tensor[]) =>
        fused(args[0]!, args[1]!, args[2]!)[0]!.square().sum().asScalar(),
      )([x, g, b]).value.dataSync();
    });
  step();
  const before = [tf.memory().numTensors, binding.getNumOfTensors()];
  for (let i = 0; i < 5; i++) step();
  expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
});

test("fused batch norm refuses other ranks and a missing epsilon", async () => {
  await load();
  tf.tidy(() => {
    const [x, g, b] = inputs([4, 3]);
    expect(() => fused(x, g, b)).toThrow("rank 2");
    const image = tf.zeros([1, 2, 2, 3]);
    expect(() => tf.engine().runKernel(FUSED_BATCH_NORM, { x: image, g, b })).toThrow("epsilon");
  });
});

test("a child trains on TensorFlow: the loss falls and the number of tensors stays", async () => {
  const runner = createJobRunner({
    jobs: new URL("../../fixtures/tensorflow-jobs.ts", import.meta.url),
    size: 1,
    env: { ...process.env, MICROTOME_TFJS_ADDON: (addon ??= await addonPath()) },
    log: { info() {}, warn: console.warn },
  });
  try {
    const { signal } = new AbortController();
    const { backend, losses, tensors } = await runner.run<{
      backend: string;
      losses: number[];
      tensors: number[];
    }>("train", 150, { signal, onProgress() {} });
    expect(backend).toBe("tensorflow");
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 10);
    expect(new Set(tensors.slice(1)).size).toBe(1); // the first step makes Adam's moments
  } finally {
    await runner.close();
  }
});

test("a child without the addon fails with NotFound, not with a crash", async () => {
  const runner = createJobRunner({
    jobs: new URL("../../fixtures/tensorflow-jobs.ts", import.meta.url),
    size: 1,
    env: { ...process.env, MICROTOME_TFJS_ADDON: "/no/such/tfjs.node" },
    log: { info() {}, warn: console.warn },
  });
  try {
    const { signal } = new AbortController();
    const job = runner.run("train", 1, { signal, onProgress() {} });
    await expect(job).rejects.toBeInstanceOf(NotFound);
  } finally {
    await runner.close();
  }
});
