import { expect, it } from "vitest";
import { bootstrapInterval } from "../../../domain/metrics/bootstrap.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

it("is about what scipy says, for a skewed sample", () => {
  const random = createRandom(3, "skewed");
  const values = Array.from({ length: 13 }, () => Math.exp(random.normal()));
  const [low, high] = bootstrapInterval(values, { resamples: 20_000 });
  const [expectedLow, expectedHigh] = python<[number, number]>(
    `from scipy.stats import bootstrap
r = bootstrap((np.asarray(v),), np.mean, method="percentile", n_resamples=20000, rng=1)
out = [r.confidence_interval.low, r.confidence_interval.high]`,
    { v: values },
  );
  const width = expectedHigh - expectedLow;
  expect(Math.abs(low - expectedLow)).toBeLessThan(0.03 * width);
  expect(Math.abs(high - expectedHigh)).toBeLessThan(0.03 * width);
});

it("holds the mean about as often as it says", () => {
  const random = createRandom(1, "population");
  const trials = 300;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const values = Array.from({ length: 40 }, () => random.normal());
    const [low, high] = bootstrapInterval(values, { level: 0.8, resamples: 400, seed: trial });
    if (low <= 0 && high >= 0) held++;
  }
  // 80 % of 300 have a standard deviation of 7; the percentile method is a little narrow.
  expect(held).toBeGreaterThan(210);
  expect(held).toBeLessThan(262);
});

it("is the same for the same seed, the value where there is one, and refuses levels beyond 1", () => {
  const values = [1, 5, 2, 8];
  expect(bootstrapInterval(values)).toEqual(bootstrapInterval(values));
  expect(bootstrapInterval([7])).toEqual([7, 7]);
  expect(bootstrapInterval([])).toEqual([NaN, NaN]);
  expect(() => bootstrapInterval(values, { level: 1 })).toThrow(/between 0 and 1, got 1/);
});
