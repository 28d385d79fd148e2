import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { createJobRunner } from "../../../activities/engine/pool.ts";
import { loadTensorFlow, tensorFlowInUse } from "../../../activities/engine/tensorflow.ts";
import { NotFound } from "../../../domain/errors.ts";
import { addonPath } from "./addon.ts";

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
