import { describe, expect, it } from "vitest";
import { calibratedMargin } from "../../../../domain/localization/calibration/calibrated-margin.ts";
import type { Calibration, Localizer } from "../../../../schemas/calibration.ts";

const localizer: Localizer = {
  ...{ "localize.method": "windows", "localize.stride": 4, versions: "1.1.0.1" },
  encoder: "a".repeat(64),
};

/** Scans whose worst cuts are 0.1 %, 0.2 %, … of the axis. */
function calibrationOf(scans: number, learnedFrom = 0): Calibration {
  return {
    ...{ version: 1, collection: "medaka", made: "2026-11-25T01:02:03.000Z" },
    localizer: { ...localizer },
    asked: { pretrain: "b".repeat(64), refine: "c".repeat(64) },
    scans: Array.from({ length: scans }, (_, i) => ({
      ...{ scan: `S${i}`, batch: "b", volume: "d".repeat(64), worstCut: (i + 1) / 1000 },
      ...{ face: "z low", confidence: 0.9, sides: [0.5, 0.5, 0.5] },
      learnedFrom: i < learnedFrom,
    })),
  };
}
const ask = (calibration: Calibration | undefined, now: Localizer = localizer, risk = 0.1) =>
  calibratedMargin({ shape0: [1000, 500, 250], risk, localizer: now, calibration });

describe("a calibrated margin", () => {
  it("is the quantile of the worst cuts, in voxels of each axis, and says from what", () => {
    // Rank ceil(20 · 0.9) = 18 of 19: 1.8 % of 1000, 500 and 250, rounded up.
    const { margin, calibrated, reason } = ask(calibrationOf(19));
    expect(margin).toEqual([
      [18, 18],
      [9, 9],
      [5, 5],
    ]);
    expect(calibrated).toBe(true);
    expect(reason).toBe(
      "1.80 % of the axis per face: the 18-th of the worst cuts of 19 scans with known truth, 90 % confidence (the calibration of collection medaka of 2026-11-25)",
    );
  });

  it("warns where networks were learned from the very scans that calibrate", () => {
    expect(ask(calibrationOf(19, 4)).reason).toMatch(/; 4 of them were learned from, too/);
  });

  it("is wide with fewer scans than the risk needs, and says how many", () => {
    const { margin, calibrated, reason } = ask(calibrationOf(8));
    expect(margin[0]).toEqual([80, 80]);
    expect(calibrated).toBe(false);
    expect(reason).toMatch(/needs 9 scans with known truth, there are 8/);
    expect(ask(calibrationOf(9)).calibrated).toBe(true);
    expect(ask(calibrationOf(18), localizer, 0.05).calibrated).toBe(false);
    expect(ask(calibrationOf(19), localizer, 0.05).calibrated).toBe(true);
  });

  it("is wide without a calibration", () => {
    const { margin, calibrated, reason } = ask(undefined);
    expect(margin[2]).toEqual([20, 20]);
    expect(calibrated).toBe(false);
    expect(reason).toMatch(/no calibration yet/);
  });

  it.each([
    [{ ...localizer, "localize.stride": 3 }, "localize.stride 4, here 3"],
    [{ ...localizer, encoder: "e".repeat(64) }, "encoder aaaaaaaaaaaa, here eeeeeeeeeeee"],
    [{ ...localizer, "refinement network": "f" }, "refinement network none, here f"],
    [{ ...localizer, versions: "1.1.0.2" }, "versions 1.1.0.1, here 1.1.0.2"],
  ])("is wide for boxes that were found in another way, and says which: %#", (now, words) => {
    const { margin, calibrated, reason } = ask(calibrationOf(19), now);
    expect(margin[0]).toEqual([80, 80]);
    expect(calibrated).toBe(false);
    expect(reason).toContain(`found in another way (${words})`);
  });
});
