import { expect, it } from "vitest";
import { meanBox } from "../../../../domain/localization/baselines/mean-box.ts";
import type { Box, Zyx } from "../../../../domain/volumes/shape.ts";

const known = (shape0: Zyx, truth: Box) => ({ truth, place: { level: 0, shape0 } });

it("is the mean of relative boxes, in the voxels of the scan it is for", () => {
  const baseline = meanBox([
    known([10, 10, 20], [[2, 6], [0, 4], [10, 20]]), // prettier-ignore
    known([100, 50, 40], [[40, 80], [20, 30], [0, 20]]), // prettier-ignore
  ]);
  const place = { level: 2, shape0: [50, 100, 80] as const };
  expect(baseline.usesLabels).toBe(true);
  // z: .2 to .6 and .4 to .8; y: 0 to .4 and .4 to .6; x: .5 to 1 and 0 to .5.
  expect(baseline.locate({ place } as never)).toEqual([
    [15, 35],
    [20, 50],
    [20, 60],
  ]);
});

it("is never empty, and needs a box", () => {
  const tiny = meanBox([known([100, 100, 100], [[99, 100], [0, 1], [50, 51]])]); // prettier-ignore
  const place = { level: 0, shape0: [2, 2, 2] as const };
  for (const [lo, hi] of tiny.locate({ place } as never)!) {
    expect(hi).toBeGreaterThan(lo);
    expect(hi).toBeLessThanOrEqual(2);
  }
  expect(() => meanBox([])).toThrow(/Expected known boxes/);
});
