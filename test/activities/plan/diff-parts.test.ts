import { expect, test } from "vitest";
import { describeChange } from "../../../activities/plan/describe-change.ts";
import { diffParts, nearestParts } from "../../../activities/plan/diff-parts.ts";
import type { KeyParts } from "../../../schemas/manifest.ts";

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(64)) as [string, string, string];
const parts: KeyParts = {
  ...{ stage: "reconcile", version: 3 },
  parameters: { threshold: "otsu", margin: { voxels: 4, fraction: 0.1 }, box: [[1, 2]] },
  inputs: { volume: a, profiles: [a, b, c] },
};
const words = (before: KeyParts, after: KeyParts) =>
  diffParts(before, after).map((change) => describeChange(change));

test("equal parts differ in nothing, however their members are ordered", () => {
  const { margin, ...rest } = parts.parameters as { margin: object };
  expect(diffParts(parts, { ...parts, parameters: { margin, ...rest } })).toEqual([]);
});

test("a parameter is named with both values, also inside of another", () => {
  const parameters = {
    ...parts.parameters,
    threshold: "midpoint",
    margin: { voxels: 8, fraction: 0.1 },
  };
  expect(words(parts, { ...parts, parameters })).toEqual([
    "parameter `margin.voxels` 4 → 8",
    "parameter `threshold` otsu → midpoint",
  ]);
});

test("a list is one value, and what was not there is absent, which is not null", () => {
  const { box: _box, ...without } = parts.parameters;
  expect(words(parts, { ...parts, parameters: { ...parts.parameters, box: [[1, 3]] } })).toEqual([
    "parameter `box` [[1,2]] → [[1,3]]",
  ]);
  expect(words({ ...parts, parameters: without }, parts)).toEqual([
    "parameter `box` absent → [[1,2]]",
  ]);
  expect(
    words({ ...parts, parameters: without }, { ...parts, parameters: { ...without, box: null } }),
  ).toEqual(["parameter `box` absent → null"]);
});

test("versions and inputs are named, a changed source by what it is", () => {
  expect(words(parts, { ...parts, version: 4 })).toEqual(["stage version 3 → 4"]);
  expect(words(parts, { ...parts, inputs: { volume: b, profiles: [a, c] } })).toEqual([
    "other `profiles` (0 new, 1 gone, 2 as before)",
    `another input \`volume\` (${"a".repeat(12)} → ${"b".repeat(12)})`,
  ]);
  const source = (digest: string): KeyParts => ({ ...parts, inputs: { source: digest } });
  expect(words(source(a), source(b))).toEqual([
    `the source changed (${"a".repeat(12)} → ${"b".repeat(12)})`,
  ]);
});

test("what is said of many scans names no digest", () => {
  const [change] = diffParts(parts, { ...parts, inputs: { ...parts.inputs, volume: b } });
  expect(describeChange(change!, false)).toBe("another input `volume`");
});

test("the nearest is the one with fewest parts that differ", () => {
  const far = { parts: { ...parts, version: 2, inputs: { volume: c } } };
  const near = { parts: { ...parts, version: 2 } };
  expect(nearestParts(parts, [far, near])?.nearest).toBe(near);
  expect(nearestParts(parts, [])).toBeUndefined();
});
