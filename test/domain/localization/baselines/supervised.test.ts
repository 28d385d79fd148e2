import { expect, it } from "vitest";
import type { LabelledScan } from "../../../../domain/localization/baselines/baseline.ts";
import { chooseErosion } from "../../../../domain/localization/baselines/choose-erosion.ts";
import { chooseThreshold } from "../../../../domain/localization/baselines/choose-threshold.ts";
import { deviationMap } from "../../../../domain/localization/baselines/control-maps.ts";
import { mapOtsu } from "../../../../domain/localization/baselines/map-box.ts";
import {
  rawImage,
  suppressedImage,
} from "../../../../domain/localization/baselines/threshold-rule.ts";
import { createView } from "../../../../domain/localization/create-view.ts";
import { finish } from "../../../../domain/localization/steps.ts";
import { boxMetrics } from "../../../../domain/metrics/box-metrics.ts";
import type { Box, Grid } from "../../../../domain/volumes/shape.ts";
import { python } from "../../../support/python.ts";
import { tubeScan } from "../../../support/tube-scan.ts";
import { boxScan, plainScan, tubeScanOf } from "./scans.ts";

const SHAPE = [20, 24, 28] as const;
const BOXES: readonly Box[] = [
  [[4, 12], [6, 18], [8, 20]], // prettier-ignore
  [[6, 16], [3, 12], [10, 25]], // prettier-ignore
];

const error = (box: Box | undefined, { truth, level }: LabelledScan) =>
  boxMetrics(box!, truth, level.shape).maePx;

it("finds one threshold that is right for all scans", () => {
  const scans = BOXES.map((box, i) =>
    plainScan(boxScan(SHAPE, box, 40 + 20 * i, { seed: i }), box),
  );
  const { baseline, rule, error: claimed } = finish(chooseThreshold("grey", rawImage, scans));
  expect(rule.polarity).toBe("bright");
  expect(rule.threshold).toBeGreaterThan(103);
  expect(rule.threshold).toBeLessThan(140);
  expect(claimed).toBe(0);
  expect(baseline.usesLabels).toBe(true);
  for (const scan of scans) expect(baseline.locate(scan)).toEqual(scan.truth);
});

it("finds dark specimens, and its name says by which rule", () => {
  const scans = BOXES.map((box, i) => plainScan(boxScan(SHAPE, box, -40, { seed: i }), box));
  const { baseline, rule } = finish(chooseThreshold("grey", rawImage, scans));
  expect(rule.polarity).toBe("dark");
  expect(baseline.name).toMatch(/^grey, < \d/);
  for (const scan of scans) expect(baseline.locate(scan)).toEqual(scan.truth);
});

it("leaves bright dust aside by the largest piece, or by a blur", () => {
  const scans = BOXES.map((box, i) => {
    const { data } = boxScan(SHAPE, box, 12, { seed: i });
    data[30 + i] = 180;
    data[data.length - 40] = 180;
    return plainScan({ shape: SHAPE, data }, box);
  });
  const { rule, error: claimed } = finish(chooseThreshold("grey", rawImage, scans));
  expect(claimed).toBeLessThan(0.5);
  expect(rule.largest || rule.sigma > 0).toBe(true);
});

it("is as good as the best of all whole thresholds that numpy finds", () => {
  const scans = BOXES.map((box, i) => {
    const { data } = boxScan(SHAPE, box, 9, { noise: 6, seed: i });
    return plainScan({ shape: SHAPE, data: data.map(Math.round) }, box);
  });
  const best = python<number>(
    `from scipy.ndimage import gaussian_filter
from skimage.measure import label
def error(m, b):
    if not m.any(): f = np.array([[0, n] for n in m.shape])
    else: f = np.array([[k[0], k[-1] + 1] for k in (np.flatnonzero(m.any(tuple(j for j in range(3) if j != a))) for a in range(3))])
    return np.abs(f - b).mean()
def largest(m):
    l = label(m, connectivity=3)
    return l == np.argmax(np.bincount(l.ravel())[1:]) + 1 if m.any() else m
vols = [a.astype(float), b.astype(float)]; boxes = [np.reshape(p, (3, 2)), np.reshape(q, (3, 2))]
out = 1e9
for s in (0, 1, 2):
    for sign in (1, -1):
        w = [sign * (gaussian_filter(v, s) if s else v) for v in vols]
        for t in np.arange(75, 136, 1):
            for f in (lambda m: m, largest):
                out = min(out, np.mean([error(f(v > sign * t), k) for v, k in zip(w, boxes)]))
out = float(out)`,
    {
      a: scans[0]!.level,
      b: scans[1]!.level,
      p: BOXES[0]!.flat(),
      q: BOXES[1]!.flat(),
    },
  );
  const chosen = finish(chooseThreshold("grey", rawImage, scans));
  expect(chosen.error).toBeLessThanOrEqual(best);
  const scored = scans.map((scan) => error(chosen.baseline.locate(scan), scan));
  expect((scored[0]! + scored[1]!) / 2).toBeCloseTo(chosen.error, 9);
});

/** A specimen that is darker than the wall around it. */
function faintScan(seed: number): LabelledScan {
  const { level, specimen, box } = tubeScan({ size: 48, seed });
  const data = level.data.map((v, i) => (specimen.data[i] === 1 ? 90 + 0.6 * (v - 90) : v));
  const faint = { shape: level.shape, data };
  return { ...plainScan(faint, box), view: finish(createView(faint)).view };
}

it("looks at the suppressed view, too, where a tube's wall is no longer in the way", () => {
  const scans = [1, 2].map((seed) => faintScan(seed));
  const raw = finish(chooseThreshold("raw", rawImage, scans));
  const suppressed = finish(chooseThreshold("suppressed", suppressedImage, scans));
  expect(suppressed.error).toBeLessThan(2);
  expect(suppressed.error).toBeLessThan(raw.error);
});

it("erodes a map by as much as it is too large by", () => {
  const scans = [1, 2, 3].map((seed) => tubeScanOf({ size: 64, seed }));
  const chosen = finish(chooseErosion("local deviation", deviationMap, scans));
  const mean = (locate: (scan: LabelledScan) => Box | undefined) =>
    scans.reduce((sum, scan) => sum + error(locate(scan), scan) / scans.length, 0);
  const plain = mean((scan) => mapOtsu("deviation", deviationMap).locate(scan));
  expect(mean((scan) => chosen.locate(scan))).toBeLessThanOrEqual(plain);
  expect(chosen).toMatchObject({ usesLabels: true });
  expect(chosen.name).toMatch(/[23] classes, eroded by [0-5] /);
});

it.each([chooseErosion, chooseThreshold])("cannot choose without known boxes", (choose) => {
  const grid = (): Grid<Float32Array> => ({ shape: [1, 1, 1], data: new Float32Array(1) });
  expect(() => finish<unknown>(choose("x", grid, []))).toThrow(/Expected known boxes/);
});
