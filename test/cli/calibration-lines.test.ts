import { expect, test } from "vitest";
import { calibrationTable, calibrationVerdict } from "../../cli/calibration-lines.ts";
import type { Calibration } from "../../schemas/calibration.ts";

const scan = (name: string, worstCut: number, learnedFrom = false) => ({
  ...{ scan: name, batch: "b", volume: "d".repeat(64), worstCut, face: "y high" as const },
  ...{ confidence: 0.9, sides: [0.5, 0.5, 0.5] as [number, number, number], learnedFrom },
});
const of = (scans: Calibration["scans"]): Calibration => ({
  ...{ version: 1, collection: "medaka", made: "2026-11-25", localizer: {}, scans },
  asked: { pretrain: "b".repeat(64), refine: "c".repeat(64) },
});

test("scans are a table, the worst first, then those that are left out", () => {
  const calibration = of([scan("A01", -0.004), scan("A002", 0.0125)]);
  const leftOut = [{ scan: "A03", reason: "its box was given by hand" }];
  expect(calibrationTable({ calibration, leftOut })).toEqual([
    "  scan  worst cut  face    confidence",
    "  A002     1.25 %  y high        0.90",
    "  A01     -0.40 %  y high        0.90",
    "  A03   left out: its box was given by hand",
  ]);
});

test("the verdict is the margin at the risk, or how many scans are missing", () => {
  const nine = of(Array.from({ length: 9 }, (_, i) => scan(`S${i}`, (i - 4) / 100)));
  // Rank ceil(10 · 0.9) = 9 of 9: 0.04.
  const enough = calibrationVerdict(nine, 0.1);
  expect(enough).toMatchObject({ scans: 9, needed: 9, margin: 0.04, learnedFrom: 0 });
  expect(enough.lines).toEqual([
    "Margin in collection medaka: 4.00 % of the axis per face: the 9-th of the worst cuts of 9 scans with known truth, 90 % confidence",
  ]);
  const few = calibrationVerdict(nine, 0.05);
  expect(few).toMatchObject({ scans: 9, needed: 19 });
  expect(few).not.toHaveProperty("margin");
  expect(few.lines[0]).toMatch(/^Too few scans: risk 0.05 needs 19 .* there are 9 \(10 more\); /);
});

test("scans that were learned from are marked, and what to do about it is said", () => {
  const calibration = of([scan("A01", 0.02, true), scan("A02", 0.01)]);
  expect(calibrationTable({ calibration, leftOut: [] })[1]).toMatch(
    /^ {2}A01 .*learned from, too$/,
  );
  const { lines, learnedFrom } = calibrationVerdict(calibration, 0.5);
  expect(learnedFrom).toBe(1);
  expect(lines.at(-1)).toMatch(/^1 of them were learned from, too/);
});
