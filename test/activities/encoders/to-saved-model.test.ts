import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { toSavedModel } from "../../../activities/encoders/to-saved-model.ts";
import { openBackend } from "../../../activities/engine/graph/open-backend.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { computeHere, relativeError, trainedEncoder } from "./encoders.ts";

beforeAll(async () => {
  await useTensorFlow();
});

/** Load a SavedModel with TensorFlow's own loader, and run nodes of it. */
async function load(files: ReadonlyMap<string, Uint8Array>) {
  const folder = await temporaryFolder();
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const { binding, getInputTensorIds, createOutputTensor } = openBackend();
  const backend = openBackend();
  const model = binding.loadSavedModel(folder, "serve");
  return {
    run(x: tf.Tensor, outputs: readonly string[]) {
      const ids = getInputTensorIds.call(backend, [x]);
      const found = binding.runSavedModel(model, ids, "images:0", outputs.join());
      const tensors = found.map((metadata) => createOutputTensor.call(backend, metadata));
      const results = tensors.map((tensor) => ({
        shape: tensor.shape,
        values: tensor.dataSync() as Float32Array,
      }));
      tf.dispose(tensors);
      return results;
    },
    dispose: () => binding.deleteSavedModel(model),
  };
}

describe.each([
  [{ kind: "window-net", width: 24 }, 20],
  [{ kind: "resnet18", width: 16 }, 64],
  [{ kind: "resnet50", width: 8 }, 65],
] as const)("%o on images of %i pixels", (config, size) => {
  it("computes as a SavedModel what it does here, for any number of images", async () => {
    const exported = trainedEncoder(config, size);
    const tensors = tf.memory().numTensors;
    const model = await load(toSavedModel(exported));
    for (const count of [1, 5]) {
      const here = computeHere(exported, count);
      const x = tf.tensor4d(here.images, [count, size, size, 1]);
      const [embedding, features] = model.run(x, ["embedding:0", "features:0"]);
      x.dispose();
      expect(embedding!.shape).toEqual(here.embedding.shape);
      expect(features!.shape).toEqual(here.features.shape);
      expect(relativeError(embedding!.values, here.embedding.values)).toBeLessThan(1e-4);
      expect(relativeError(features!.values, here.features.values)).toBeLessThan(1e-4);
    }
    model.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([...exported.parameters.values()]);
  });
});

it("carries its metadata beside the graph", () => {
  const exported = trainedEncoder({ kind: "window-net", width: 2 }, 12);
  const files = toSavedModel(exported);
  expect([...files.keys()]).toEqual(["saved_model.pb", "assets.extra/microtome.json"]);
  const json = new TextDecoder().decode(files.get("assets.extra/microtome.json"));
  expect(JSON.parse(json)).toEqual(exported.metadata);
  tf.dispose([...exported.parameters.values()]);
});
