import { expect, test } from "vitest";
import { drawHalf, planSplits } from "../../../activities/evaluation/plan-splits.ts";

const SCANS = Array.from({ length: 13 }, (_, i) => `S${i + 1}`);

test("every scan is held out once before any is held out again", () => {
  const splits = planSplits(SCANS, { validation: 3, splits: 4, seed: 5 });
  const held = splits.flatMap(({ validation }) => validation);
  expect(held).toHaveLength(12);
  expect(new Set(held).size).toBe(12);
  for (const { training, validation } of splits) {
    expect([...training, ...validation].sort()).toEqual([...SCANS].sort());
  }
});

test("a fifth split of three of thirteen goes round to the beginning", () => {
  const splits = planSplits(SCANS, { validation: 3, splits: 5, seed: 5 });
  expect(splits[4]!.validation).toHaveLength(3);
  const first = new Set(splits.slice(0, 4).flatMap(({ validation }) => validation));
  const fresh = splits[4]!.validation.filter((scan) => !first.has(scan));
  expect(fresh).toHaveLength(1);
});

test("the seed decides which scans are held out, and the same seed decides the same", () => {
  const of = (seed: number) => planSplits(SCANS, { validation: 3, seed });
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

test("named scans are held out, in one split, and a number of the others is trained on", () => {
  const [split, ...more] = planSplits(SCANS, { validation: ["S7", "S2"], training: 4, seed: 0 });
  expect(more).toEqual([]);
  expect(split!.validation).toEqual(["S2", "S7"]);
  expect(split!.training).toHaveLength(4);
  expect(split!.training).not.toContain("S2");
});

test.each([
  ["one scan", ["a"], { validation: 1 }, /to train on and one to hold out, got 0 and 1 of 1 scans/],
  ["all held out", ["a", "b"], { validation: 2 }, /got 0 and 2 of 2/],
  [
    "more to train on than there are",
    ["a", "b", "c"],
    { validation: 1, training: 3 },
    /got 3 and 1/,
  ],
  ["a name that no scan has", ["a", "b"], { validation: ["c"] }, /no scan "c"; there are: a, b/],
  ["named scans in two splits", ["a", "b"], { validation: ["a"], splits: 2 }, /one split .* got 2/],
])("%s cannot be split", (_, scans, options, message) => {
  expect(() => planSplits(scans, { seed: 0, ...options })).toThrow(message);
});

test("half of the scans are turned over, rounded down, other ones than are held out", () => {
  const half = drawHalf(SCANS, 3);
  expect(half.size).toBe(6);
  expect([...half].every((scan) => SCANS.includes(scan))).toBe(true);
  const held = planSplits(SCANS, { validation: 6, seed: 3 })[0]!.validation;
  expect([...half].sort()).not.toEqual([...held].sort());
});
