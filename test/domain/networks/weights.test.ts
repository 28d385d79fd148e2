import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { IncompatibleCheckpoint } from "../../../domain/errors.ts";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { createNetwork } from "../../../domain/networks/network.ts";
import { loadWeights, toWeights } from "../../../domain/networks/weights.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const build = (width: number, seed: number) =>
  createNetwork({ encoder: createEncoder({ kind: "window-net", width }).specs }, seed);

test("weights moved from one network to another are the same to the last bit", () => {
  const [from, to] = [build(2, 1), build(2, 2)];
  const weights = toWeights(from);
  expect(toWeights(to).values).not.toEqual(weights.values);
  loadWeights(to, weights);
  expect(toWeights(to)).toEqual(weights);
  expect(weights.manifest.map(({ name }) => name)).toContain("encoder/stemBn.variance");
});

test("weights of another shape are refused by name, and change nothing", () => {
  const network = build(2, 1);
  const before = toWeights(network).values;
  const load = () => loadWeights(network, toWeights(build(3, 1)));
  expect(load).toThrow(IncompatibleCheckpoint);
  expect(load).toThrow("encoder/stem.kernel should be [5,5,1,2], is [5,5,1,3]");
  expect(toWeights(network).values).toEqual(before);
});

test("missing, unknown and truncated weights are refused", () => {
  const network = build(2, 1);
  const { manifest, values } = toWeights(network);
  const load = (m: typeof manifest, v: Float32Array) => () =>
    loadWeights(network, { manifest: m, values: v });
  expect(load(manifest.slice(1), values)).toThrow("encoder/stem.kernel is missing");
  expect(load([...manifest, { name: "x", shape: [1] }], values)).toThrow("x is unknown");
  expect(load(manifest, values.slice(1))).toThrow(IncompatibleCheckpoint);
});
