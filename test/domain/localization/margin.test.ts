import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { conformalMargin, marginFor } from "../../../domain/localization/margin.ts";

it("adds 4 % of the axis per face, rounded up", () => {
  expect(marginFor([100, 101, 25])).toEqual({
    margin: [
      [4, 4],
      [5, 5],
      [1, 1],
    ],
    reason: "4 % of the axis per face",
  });
});

it("takes the 10th smallest of 10 worst cuts for 90 %, never a negative one", () => {
  const cuts = [0.01, -0.02, 0.03, 0, 0.02, 0.01, 0.015, -0.01, 0.005, 0.0251];
  // ceil(11 * .9) = 10: the largest, .03.
  expect(conformalMargin([100, 200, 50], cuts).margin).toEqual([
    [3, 3],
    [6, 6],
    [2, 2],
  ]);
  expect(conformalMargin([100, 100, 100], Array(30).fill(-0.1)).margin[0]).toEqual([0, 0]);
});

it("says that it cannot guarantee anything with too few scans, and goes wide", () => {
  const { margin, reason } = conformalMargin([100, 100, 100], [0.01, 0.02]);
  expect(margin[0]).toEqual([8, 8]);
  expect(reason).toMatch(/needs 9 scans with known truth, there are 2/);
  expect(conformalMargin([100, 100, 100], [], 0.05).reason).toMatch(/needs 19 .* there are 0/);
});

it("refuses a margin that is none", () => {
  expect(() => marginFor([1, 1, 1], -0.1)).toThrow("got -0.1");
  expect(() => marginFor([1, 1, 1], NaN)).toThrow("got NaN");
  expect(() => conformalMargin([1, 1, 1], [], 1)).toThrow("got 1");
});

it("covers the next scan as often as it says, over 200 simulated calibrations", () => {
  // Skewed, with ties, and mostly slack: as cuts are.
  const random = createRandom(12, "coverage");
  const draw = () => Math.round(1000 * (0.01 * random.normal() ** 2 - 0.015)) / 1000;
  for (const [n, risk] of [
    [9, 0.1],
    [30, 0.1],
    [40, 0.05],
  ] as const) {
    const trials = 200;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const cuts = Array.from({ length: n }, draw);
      const { margin } = conformalMargin([1000, 1000, 1000], cuts, risk);
      if (margin[0][0] >= 1000 * draw()) covered++;
    }
    // At least 1 - risk, but for what 200 trials may miss by chance (3 deviations).
    const least = 1 - risk - 3 * Math.sqrt((risk * (1 - risk)) / trials);
    expect(covered / trials).toBeGreaterThanOrEqual(least);
    // And not by being wide: a margin of nothing would not do.
    const bare = Array.from({ length: 2000 }, draw).filter((cut) => cut <= 0).length / 2000;
    expect(bare).toBeLessThan(least);
  }
});

it("is as wide as it must be, even beyond half of the axis", () => {
  expect(conformalMargin([100, 10, 10], Array<number>(9).fill(0.61)).margin).toEqual([
    [61, 61],
    [7, 7],
    [7, 7],
  ]);
});
