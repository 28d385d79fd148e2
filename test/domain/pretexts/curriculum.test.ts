import { expect, test } from "vitest";
import type { View } from "../../../domain/localization/view.ts";
import { phaseAt, phaseViews } from "../../../domain/pretexts/curriculum.ts";
import { createRandom } from "../../../domain/random.ts";
import { standardDeviation } from "../../../domain/volumes/statistics.ts";

/** Noise of deviation 1, and in it a block that is `height` brighter. */
function view(height: number, seed: number): View {
  const side = 16;
  const random = createRandom(seed);
  const data = Float32Array.from({ length: side ** 3 }, (_, i) => {
    const at = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    return random.normal() + (at.every((v) => v >= 5 && v < 11) ? height : 0);
  });
  const shape = [side, side, side] as const;
  const valid = { shape, data: new Uint8Array(side ** 3).fill(1) };
  return { values: { shape, data }, valid, bin: 2 };
}

test("phases follow one another, and the full task follows the last", () => {
  const [first, second] = [{ until: 0.25, smooth: 1 }, { until: 0.5 }];
  const at = (step: number) => phaseAt([first, second], step, 100);
  expect([1, 25].map(at)).toEqual([first, first]);
  expect([26, 50].map(at)).toEqual([second, second]);
  expect([51, 100].map(at)).toEqual([undefined, undefined]);
});

test("the views with the most structure in their noise come first, in the order they were in", () => {
  const views = [view(0.5, 1), view(4, 2), view(0, 3), view(2, 4)];
  expect(phaseViews(views, { until: 1, views: 0.5 })).toEqual([views[1], views[3]]);
  expect(phaseViews(views, { until: 1, views: 0.01 })).toEqual([views[1]]);
  expect(phaseViews(views, { until: 1 })).toEqual(views);
});

test("smoothed views keep their spread, and their noise is less", () => {
  const [sharp] = [view(4, 1)];
  const [smooth] = phaseViews([sharp], { until: 1, smooth: 1.5 });
  const spread = (v: View) => standardDeviation(v.values.data);
  expect(spread(smooth!)).toBeCloseTo(spread(sharp), 4);
  const roughness = (v: View) =>
    standardDeviation(v.values.data.map((value, i, all) => value - (all[i + 1] ?? value)));
  expect(roughness(smooth!)).toBeLessThan(roughness(sharp) / 2);
});
