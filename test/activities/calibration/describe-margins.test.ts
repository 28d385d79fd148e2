import { expect, it } from "vitest";
import { describeMargins } from "../../../activities/calibration/describe-margins.ts";
import { writeCalibration } from "../../../activities/calibration/store-calibration.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Calibration } from "../../../schemas/calibration.ts";
import type { ScanStatus } from "../../../schemas/result.ts";

const digest = (i: number) => String(i).padStart(64, "0");

/** Twenty scans whose boxes are half of z, and whose worst cuts do not matter here. */
function calibration(): Calibration {
  const random = createRandom(1, "calibrated");
  return {
    ...{ version: 1, collection: "medaka", made: "2026-11-25T01:02:03.000Z", localizer: {} },
    asked: { pretrain: digest(1), refine: digest(2) },
    scans: Array.from({ length: 20 }, (_, i) => ({
      ...{ scan: `K${i}`, batch: "k", volume: digest(i), worstCut: 0.01, face: "z low" },
      ...{ confidence: 0.7 + 0.2 * random.next(), learnedFrom: false },
      sides: [0.5 + 0.05 * random.next(), 0.4 + 0.05 * random.next(), 0.4 + 0.05 * random.next()],
    })),
  };
}

/** Scans with a margin from a calibration and a box that takes `share` of z. */
function scansOf(key: string, share: number, first = 100): ScanStatus[] {
  const random = createRandom(2, "found");
  const side = (lo: number) => Math.round(1000 * (lo + 0.05 * random.next()));
  return Array.from({ length: 10 }, (_, i) => ({
    ...{ scan: `S${i}`, state: "settled", outcome: "cropped", calibration: key },
    ...{ volume: digest(first + i), confidence: 0.7 + 0.2 * random.next() },
    box: [[0, side(share)], [0, side(0.4)], [0, side(0.4)]], // prettier-ignore
    prepared: {
      scan: `S${i}`,
      ...{ shapes: [[1000, 1000, 1000]] },
      volume: {
        ...{ digest: digest(first + i), shape: [1000, 1000, 1000] },
        ...{ dtype: "uint8", voxelSizeUm: [1, 1, 1] },
      },
      view: { key: digest(3), level: 0, bin: 1, shape: [1, 1, 1], container: "none" },
    },
  }));
}

it("says from what margins come, and that scans are of the kind that was calibrated", async () => {
  const store = createMemoryStore();
  const key = await writeCalibration(store, calibration());
  const [note, ...others] = await describeMargins(store, { scans: scansOf(key, 0.5) });
  expect(others).toEqual([]);
  expect(note).toMatchObject({ calibration: key, scans: 10, drifted: false });
  expect(note!.text).toMatch(
    /^Margins of 10 scans come from the calibration of collection medaka of 2026-11-25 \(20 scans with known truth\)\. No drift: /,
  );
});

it("says that they are not, where boxes are of another size", async () => {
  const store = createMemoryStore();
  const key = await writeCalibration(store, calibration());
  const [note] = await describeMargins(store, { scans: scansOf(key, 0.8) });
  expect(note!.drifted).toBe(true);
  expect(note!.text).toMatch(/another kind .*length along z differs/);
});

it("takes no scan for new that was calibrated with, and says nothing of other margins", async () => {
  const store = createMemoryStore();
  const key = await writeCalibration(store, calibration());
  const [note] = await describeMargins(store, { scans: scansOf(key, 0.8, 0) });
  expect(note).toMatchObject({ drifted: false });
  expect(note!.text).toMatch(/Drift was not looked for: 20 calibrated scans against 0/);
  const uncalibrated = scansOf(key, 0.5).map(({ calibration: _, ...scan }) => scan);
  expect(await describeMargins(store, { scans: uncalibrated })).toEqual([]);
});
