import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { otsu } from "../../../domain/volumes/otsu.ts";
import { python } from "../../support/python.ts";

const random = createRandom(7, "otsu");
const values = Float64Array.from({ length: 6000 }, (_, i) =>
  i % 6 === 0 ? 9 + random.normal() : i % 2 === 0 ? 4 + random.normal() : random.normal(),
);

it("puts its thresholds where scikit-image does, to a bin", () => {
  const [two, three] = python<[number, [number, number]]>(
    `from skimage.filters import threshold_otsu, threshold_multiotsu
v = np.array(values); out = [threshold_otsu(v), threshold_multiotsu(v, 3)]`,
    { values: Array.from(values) },
  );
  const bin = (Math.max(...values) - Math.min(...values)) / 256;
  expect(Math.abs(otsu(values).thresholds[0]! - two)).toBeLessThan(1.01 * bin);
  otsu(values, 3).thresholds.forEach((t, i) =>
    expect(Math.abs(t - three[i]!)).toBeLessThan(1.01 * bin),
  );
});

it("cuts in the middle of the gap between two values, which it tells apart perfectly", () => {
  const { thresholds, separation } = otsu([0, 0, 0, 10, 10]);
  expect(thresholds[0]).toBeCloseTo(5, 1);
  expect(separation).toBe(Infinity);
});

it("measures the separation of the outer classes in their deviations", () => {
  // Classes -1, 1 and 9, 11: means 0 and 10, variances 1.
  expect(otsu([-1, 1, 9, 11], 2, 1200).separation).toBeCloseTo(10, 1);
});

it("has no threshold in a constant image and only one between two values", () => {
  expect(otsu([3, 3, 3])).toEqual({ thresholds: [], separation: 0 });
  expect(otsu([]).thresholds).toEqual([]);
  expect(otsu([1, 1, 2], 3).thresholds.length).toBeLessThanOrEqual(2);
  expect(otsu([NaN, 1, 2]).thresholds[0]).toBeCloseTo(1.5, 1);
});
