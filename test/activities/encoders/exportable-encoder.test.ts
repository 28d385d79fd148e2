import { beforeAll, describe, expect, it } from "vitest";
import { exportEncoder } from "../../../activities/encoders/export-encoder.ts";
import { exportableEncoder } from "../../../activities/encoders/exportable-encoder.ts";
import { openEncoder, saveEncoder } from "../../../domain/pretexts/encoder-file.ts";
import type { PretrainConfig } from "../../../domain/pretexts/pretrain-config.ts";
import { createRotationNetwork } from "../../../domain/pretexts/pretext-network.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";
import { computeHere, relativeError } from "./encoders.ts";
import { runOnnx } from "./run-onnx.ts";

beforeAll(async () => {
  await useTensorFlow();
});

const config: PretrainConfig = {
  view: "windows",
  pretext: "rotation",
  encoder: "window-net",
  width: 4,
  steps: 10,
  batchSize: 2,
  rate: 1e-3,
  seed: 3,
  warmup: 1,
  windowSize: 14,
  imageSize: 32,
  twinRange: 0.05,
  slicesPerBatch: 2,
};

/** As it is published, and read back. */
function published(changes: Partial<PretrainConfig>) {
  const changed = { ...config, ...changes };
  const network = createRotationNetwork(changed, 3);
  const bytes = saveEncoder({ config: changed, step: 10, network });
  network.dispose();
  return openEncoder(bytes);
}

describe("exportableEncoder", () => {
  it("takes windows of the size that it was trained on, whole slices else", () => {
    const windows = published({});
    const slices = published({ view: "slices" });
    expect(exportableEncoder(windows).size).toBe(14);
    expect(exportableEncoder(slices).size).toBe(32);
    windows.network.dispose();
    slices.network.dispose();
  });

  it("leaves a file that says how to use it, and computes what was published", async () => {
    const encoder = published({});
    const exported = exportableEncoder(encoder);
    const here = computeHere(exported, 2);
    const model = exportEncoder(encoder, "onnx").get("encoder.onnx")!;
    const [there] = await runOnnx([{ model, images: here.images, shape: [2, 14, 14, 1] }]);
    expect(relativeError(there!.values["embedding"]!, here.embedding.values)).toBeLessThan(1e-4);
    const metadata = Object.fromEntries(
      Object.entries(there!.metadata).map(([name, json]) => [name, JSON.parse(json) as unknown]),
    );
    expect(metadata).toMatchObject({
      format: "microtome-encoder",
      config,
      step: 10,
      input: { name: "images", shape: ["n", 14, 14, 1], layout: "NHWC" },
      outputs: { embedding: { shape: ["n", 16] } },
      normalisation: { range: [-4, 6], outside: 0 },
    });
    encoder.network.dispose();
  });
});

it("exports a SavedModel as a folder of that name", () => {
  const encoder = published({});
  expect([...exportEncoder(encoder, "saved-model").keys()]).toEqual([
    "saved_model/saved_model.pb",
    "saved_model/assets.extra/microtome.json",
  ]);
  encoder.network.dispose();
});
