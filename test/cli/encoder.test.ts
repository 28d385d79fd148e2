import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createPretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import { saveEncoder } from "../../domain/pretexts/encoder-file.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary.ts";

const config: PretrainConfig = {
  ...{ view: "windows", pretext: "rotation", encoder: "window-net", width: 2 },
  ...{ steps: 1, batchSize: 2, rate: 0.01, seed: 7, warmup: 0 },
  ...{ windowSize: 8, imageSize: 16, twinRange: 0, slicesPerBatch: 2 },
};

beforeAll(async () => {
  await tf.setBackend("cpu");
});

async function withEncoders(): Promise<string> {
  const folder = await temporaryFolder();
  const network = createPretextNetwork(config);
  await writeFile(join(folder, "one.encoder.bin"), saveEncoder({ config, step: 3, network }));
  await writeFile(join(folder, "broken.bin"), "no encoder");
  network.dispose();
  return folder;
}

test.each([
  ["onnx", ["encoder.onnx"]],
  ["saved-model", ["saved_model/saved_model.pb"]],
])(
  "an encoder's file becomes %s without any server",
  async (format, files) => {
    const folder = await withEncoders();
    const to = join(folder, format);
    const args = ["encoder", "export", "one.encoder.bin", "--format", format, "--to", to, "--json"];
    const answer = await microtome(folder, args);
    expect(answer.code).toBe(0);
    const { files: written } = documentOf<{ files: string[] }>(answer);
    expect(written).toEqual(expect.arrayContaining(files.map((file) => join(to, file))));
    for (const file of written) expect((await readFile(file)).length).toBeGreaterThan(0);
  },
  30_000,
);

test.each([
  ["latest", 2, "64 hexadecimal digits"],
  ["nowhere.bin", 2, "nowhere.bin"],
  ["broken.bin", 1, "broken.bin: expected a file of weights"],
])(
  "%s ends with exit code %d and says why",
  async (encoder, code, text) => {
    const folder = await withEncoders();
    const answer = await microtome(folder, ["encoder", "export", encoder, "--to", folder]);
    expect(answer).toMatchObject({ code, stdout: "" });
    expect(answer.stderr.toLowerCase()).toContain(text);
  },
  30_000,
);
