import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { areaUnderRoc } from "../../../domain/metrics/area-under-roc.ts";
import { averageRanks } from "../../../domain/metrics/average-ranks.ts";
import { kendallTau } from "../../../domain/metrics/kendall-tau.ts";
import { randomDisplacement, sortingMetrics } from "../../../domain/metrics/sorting-metrics.ts";
import { spearman } from "../../../domain/metrics/spearman.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

const line = (k: number) => Array.from({ length: k }, (_, i) => i);
const random = createRandom(3, "correlation");
/** Pairs of series of every kind: tied or not, short and long, related or not. */
const series = [2, 3, 12, 57, 1000].flatMap((n) =>
  [0, 4, 40].map((levels) => {
    const value = () => (levels === 0 ? random.normal() : random.int(levels));
    const a = line(n).map(value);
    const b = a.map((x) => (random.next() < 0.4 ? x : value()));
    return [a, b] as const;
  }),
);

describe("rank correlations", () => {
  it("are scipy's, with and without ties", () => {
    const expected = python<[number, number][]>(
      `from scipy import stats
xs = [np.split(np.array(v), 2) for v in np.split(np.array(flat), np.cumsum(sizes)[:-1].astype(int))]
out = [[float(stats.kendalltau(a, b).statistic), float(stats.spearmanr(a, b).statistic)] for a, b in xs]
out = [[None if v != v else v for v in pair] for pair in out]`,
      { flat: series.flat(2), sizes: series.map(([a]) => 2 * a.length) },
    );
    series.forEach(([a, b], i) => {
      const [tau, rho] = expected[i]!.map((v) => v ?? NaN) as [number, number];
      if (Number.isNaN(tau)) expect(kendallTau(a, b)).toBeNaN();
      else expect(kendallTau(a, b)).toBeCloseTo(tau, 12);
      if (Number.isNaN(rho)) expect(spearman(a, b)).toBeNaN();
      else expect(spearman(a, b)).toBeCloseTo(rho, 12);
    });
  });

  it("are what can be counted by hand", () => {
    // Pairs of 1 2 3 4 against 1 3 2 4: five agree, one does not.
    expect(kendallTau([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(4 / 6, 12);
    // 1 - 6·Σd² / (n(n² - 1)) with d = 0, 1, -1, 0.
    expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(1 - 12 / 60, 12);
    expect(kendallTau(line(9), line(9).reverse())).toBeCloseTo(-1, 12);
  });

  it("are not defined for a constant, for NaN and for one value; lengths must agree", () => {
    for (const correlation of [kendallTau, spearman]) {
      expect(correlation([1, 1, 1], [1, 2, 3])).toBeNaN();
      expect(correlation([1, NaN, 3], [1, 2, 3])).toBeNaN();
      expect(correlation([1], [1])).toBeNaN();
      expect(() => correlation([1, 2], [1, 2, 3])).toThrow(InvalidInput);
    }
  });

  it("take 200,000 values in less than two seconds", () => {
    const a = line(200_000).map(() => random.int(5000));
    const start = performance.now();
    expect(kendallTau(a, a)).toBeCloseTo(1, 12);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it("ties share their mean rank", () => {
  expect([...averageRanks([30, 10, 20, 10, 30, 30])]).toEqual([5, 1.5, 3, 1.5, 5, 5]);
});

it("the area under the curve counts pairs, ties by half", () => {
  // Of 3 × 2 pairs: 5 > 2, 5 > 3, 3 > 2, 3 = 3; 1 is below both.
  expect(areaUnderRoc([5, 3, 1], [2, 3])).toBeCloseTo(3.5 / 6, 12);
  expect(areaUnderRoc([2, 2], [2, 2, 2])).toBe(0.5);
  expect(areaUnderRoc([0, 1], [2, 3])).toBe(0);
  expect(areaUnderRoc([], [1])).toBeNaN();
});

describe("sortingMetrics", () => {
  // method.md §2.3
  it("gives the published vectors", () => {
    expect(sortingMetrics(line(12), line(12)).displacement).toBe(0);
    const swapped = line(12).map((i) => (i === 7 ? 8 : i === 8 ? 7 : i));
    expect(sortingMetrics(swapped, line(12)).displacement).toBeCloseTo(0.1667, 4);
    expect(sortingMetrics(line(12).reverse(), line(12)).displacement).toBe(6);
    expect([8, 12, 16, 32].map((k) => randomDisplacement(k).toFixed(3))).toEqual([
      "2.625",
      "3.972",
      "5.313",
      "10.656",
    ]);
  });

  it("says how good a reversed order is, and that it is reversed", () => {
    const scores = [5, 4, 3, 2, 0, 1];
    const metrics = sortingMetrics(scores, line(6));
    // Ranks differ by 5, 3, 1, 1, 4, 4; the right way round only the last two differ, by 1.
    expect(metrics.displacement).toBeCloseTo(18 / 6, 12);
    expect(metrics.displacementPerSlice).toBeCloseTo(18 / 36, 12);
    expect(metrics.directionFree).toBeCloseTo(2 / 6, 12);
    // Of 15 pairs only the last is in order.
    expect(metrics.kendall).toBeCloseTo(-13 / 15, 12);
    expect(metrics.spearman).toBeLessThan(-0.9);
  });
});
