import { expect, it } from "vitest";
import { type Features, featuresOf } from "../../../../domain/localization/calibration/features.ts";
import { detectDrift } from "../../../../domain/localization/calibration/detect-drift.ts";
import { worstCut } from "../../../../domain/localization/calibration/worst-cut.ts";
import { createRandom } from "../../../../domain/random.ts";
import type { Box } from "../../../../domain/volumes/shape.ts";

const truth: Box = [
  [10, 50],
  [20, 60],
  [30, 90],
];

it("is the deepest of six cuts, by the length of its axis", () => {
  const box: Box = [
    [12, 50],
    [15, 56],
    [30, 99],
  ];
  // 2 of 100 into z, 4 of 80 into y; the rest is slack.
  expect(worstCut(box, truth, [100, 80, 120])).toEqual({ cut: 4 / 80, face: "y high" });
  const slack: Box = [
    [8, 51],
    [18, 63],
    [27, 96],
  ];
  expect(worstCut(slack, truth, [100, 80, 120])).toEqual({ cut: -1 / 100, face: "z high" });
});

it("knows sides as shares", () => {
  expect(featuresOf(truth, [100, 80, 120], 0.7)).toEqual({
    ...{ confidence: 0.7, sideZ: 0.4, sideY: 0.5, sideX: 0.5 },
  });
});

it("sees a batch of other specimens, and hardly ever one of the same", () => {
  const random = createRandom(1, "drift");
  const draw = (n: number, sideZ: number): Features[] =>
    Array.from({ length: n }, () => ({
      confidence: 0.7 + 0.1 * random.normal(),
      sideZ: sideZ + 0.05 * random.normal(),
      sideY: 0.4 + 0.05 * random.normal(),
      sideX: 0.4 + 0.05 * random.normal(),
    }));
  const other = detectDrift(draw(20, 0.5), draw(20, 0.65));
  expect(other).toMatchObject({ drifted: true });
  expect(other.reason).toMatch(/length along z differs/);
  let alarms = 0;
  for (let trial = 0; trial < 200; trial++)
    alarms += +detectDrift(draw(20, 0.5), draw(13, 0.5)).drifted;
  expect(alarms).toBeLessThanOrEqual(6);
});

it("says that few scans tell nothing", () => {
  const one = featuresOf(truth, [100, 80, 120], 0.7);
  expect(detectDrift([one, one], [one])).toEqual({
    drifted: false,
    reason: "Drift was not looked for: 2 calibrated scans against 1, 5 of each are needed",
  });
});
