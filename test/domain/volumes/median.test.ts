import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { median, medianLine, quantile, robustSd } from "../../../domain/volumes/median.ts";
import { python } from "../../support/python.ts";

const random = createRandom(6, "median");
const values = Array.from({ length: 501 }, () => Math.round(20 * random.normal()) / 10 + 0);

it("interpolates quantiles like numpy, with ties, and leaves its input alone", () => {
  const qs = [0, 0.013, 0.25, 0.5, 0.97, 1];
  const before = [...values];
  const expected = python<number[]>("out = np.quantile(values, qs)", { values, qs });
  qs.forEach((q, i) => expect(quantile(values, q)).toBeCloseTo(expected[i]!, 10));
  expect(values).toEqual(before);
});

it("filters a line like scipy, borders included", () => {
  const [five, nine] = python<[number[], number[]]>(
    "from scipy import ndimage as ndi\nout = [ndi.median_filter(np.array(values), 5), ndi.median_filter(np.array(values), 9)]",
    { values },
  );
  expect(Array.from(medianLine(values, 5))).toEqual(five);
  expect(Array.from(medianLine(values, 9))).toEqual(nine);
});

it("measures the spread of the bulk whatever a third of the values are", () => {
  const spoilt = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? 1e6 : random.normal()));
  expect(robustSd(Array.from({ length: 20000 }, () => random.normal()))).toBeCloseTo(1, 1);
  expect(robustSd(spoilt)).toBeLessThan(2.5);
  expect(robustSd([5, 5, 5, 5, 9])).toBe(0);
});

it("has no median of nothing, and the mean of the middle two of an even number", () => {
  expect(median([])).toBeNaN();
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it("is linear where a careless selection is quadratic: sorted and constant values", () => {
  const sorted = Float64Array.from({ length: 1e6 }, (_, i) => i);
  expect(median(sorted)).toBe(499999.5);
  expect(median(new Float64Array(1e6).fill(7))).toBe(7);
});
