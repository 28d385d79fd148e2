import { expect, it } from "vitest";
import {
  campaignName,
  pretrainParts,
  semanticParameters,
  stoppedParts,
} from "../../activities/pretrain-key.ts";
import { contentKey } from "../../activities/stage/content-key.ts";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { pretrainParameters, type PretrainParameters } from "../../schemas/batch.ts";
import { identifier } from "../../schemas/shape.ts";

const { pretrain } = resolveBatch({ batch: "b", scans: [{ source: "x.tif" }] }, "/").spec;
const keyOf = (change: Partial<PretrainParameters>, views = ["a", "b"]) =>
  contentKey(pretrainParts({ ...pretrain, ...change }, views));

/** Another valid value of every parameter. */
const OTHER: Required<PretrainParameters> = {
  view: "slices",
  pretext: "sorting",
  encoder: "resnet18",
  width: 17,
  steps: 601,
  batchSize: 11,
  rate: 0.002,
  warmup: 99,
  seed: 1,
  windowSize: 21,
  imageSize: 65,
  twinRange: 0.06,
  flipInvariant: true,
  margin: 0.3,
  normaliseScores: true,
  distribution: { kind: "withReplacement" },
  sortWithin: "specimen",
  augmentation: "strong",
  dropouts: [0.5],
  temperature: 0.5,
  encoderMomentum: 0.996,
  optimizer: "lars",
  weightDecay: 0.1,
  momentum: 0.8,
  decay: "poly",
  clipNorm: 1,
  accumulate: 2,
  ema: 0.99,
  validation: 0.2,
  validateEvery: 50,
  patience: 3,
  curriculum: [{ until: 0.5, smooth: 1 }],
  checkpointEvery: 51,
  minScans: 5,
  from: "latest",
};
const WITHOUT_EFFECT = ["checkpointEvery", "minScans", "from"];

it("knows every parameter of the schema", () => {
  expect(Object.keys(OTHER).sort()).toEqual(Object.keys(pretrainParameters.properties).sort());
});

it.each(Object.keys(OTHER).map((name) => [name, !WITHOUT_EFFECT.includes(name)] as const))(
  "%s changes what is learned: %s",
  (name, changes) => {
    const change = { [name]: OTHER[name as keyof PretrainParameters] };
    expect(keyOf(change) !== keyOf({})).toBe(changes);
    expect(name in semanticParameters({ ...pretrain, ...change })).toBe(changes);
  },
);

it("depends on the views and not on their order, and on where it starts from", () => {
  expect(keyOf({}, ["b", "a"])).toBe(keyOf({}, ["a", "b"]));
  expect(keyOf({}, ["a", "c"])).not.toBe(keyOf({}, ["a", "b"]));
  const warm = contentKey(pretrainParts(pretrain, ["a", "b"], "w"));
  expect(warm).not.toBe(keyOf({}));
});

it("names an encoder that was stopped by where it was stopped", () => {
  const parts = pretrainParts(pretrain, ["a"]);
  const at = (step: number) => contentKey(stoppedParts(parts, step));
  expect(new Set([at(50), at(100), contentKey(parts)]).size).toBe(3);
  expect(at(50)).toBe(at(50));
});

it("makes a valid name of a campaign out of the longest name of a batch", () => {
  const name = campaignName("x".repeat(100), "a".repeat(64));
  expect(name).toMatch(new RegExp(identifier.pattern));
  expect(name.endsWith("-aaaaaaaaaaaa")).toBe(true);
});
