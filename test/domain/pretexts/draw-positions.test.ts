import { expect, test } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { drawPositions } from "../../../domain/pretexts/draw-positions.ts";
import { gammaVariate } from "../../../domain/pretexts/gamma-variate.ts";
import { checkSliceDistribution } from "../../../domain/pretexts/slice-distribution.ts";
import type { SliceDistribution } from "../../../domain/pretexts/slice-distribution.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

const UNIFORM = { kind: "uniform" } as const;

function count(distribution: SliceDistribution, n: number, draws: number, seed = 1): number[] {
  const random = createRandom(seed);
  const counts = Array<number>(n).fill(0);
  for (let d = 0; d < draws; d++) {
    for (const i of drawPositions(distribution, 8, [0, n], random)) counts[i]!++;
  }
  return counts;
}

test("uniform draws are different slices, each as likely as any", () => {
  const random = createRandom(1);
  for (let d = 0; d < 200; d++) {
    const drawn = drawPositions(UNIFORM, 12, [5, 20], random);
    expect(new Set(drawn).size).toBe(12);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...drawn)).toBeLessThan(20);
  }
});

test("where there are fewer slices than asked for, all come once before any comes again", () => {
  const random = createRandom(2);
  for (let d = 0; d < 100; d++) {
    const drawn = drawPositions(UNIFORM, 12, [3, 8], random);
    expect(drawn).toHaveLength(12);
    expect([...drawn.slice(0, 5)].sort()).toEqual([3, 4, 5, 6, 7]);
    expect([...drawn.slice(5, 10)].sort()).toEqual([3, 4, 5, 6, 7]);
    expect(new Set(drawn.slice(10)).size).toBe(2);
  }
});

test("slices are drawn as often as scipy's distributions say", () => {
  const random = createRandom(3);
  // One at a time, or counts would vary less than χ² expects.
  const first = Array<number>(20).fill(0);
  for (let d = 0; d < 6000; d++) first[drawPositions(UNIFORM, 12, [0, 20], random)[0]!]!++;
  const shapes = [
    { mu: 0.5, alpha: 0.4, beta: 4 },
    { mu: 0.5, alpha: 0.25, beta: 2 },
    { mu: 0.3, alpha: 0.5, beta: 8 },
    { mu: 0.7, alpha: 0.6, beta: 1 },
  ];
  const counts = shapes.map((shape) => count({ kind: "generalizedGaussian", ...shape }, 20, 4000));
  const gammas = [0.125, 0.5, 1, 3.7].map((shape) => ({
    shape,
    values: Array.from({ length: 4000 }, () => gammaVariate(shape, random)),
  }));
  const replaced = count({ kind: "withReplacement" }, 20, 4000);
  // One call: loading scipy.stats takes seconds.
  const p = python<number[]>(
    `from scipy import stats
def fit(counts, p):
    return stats.chisquare(counts, p / p.sum() * np.sum(counts)).pvalue
def cells(mu, alpha, beta):
    return np.diff(stats.gennorm.cdf(np.arange(21) / 20, beta, mu, alpha))
even = np.ones(20)
counts = np.reshape(counts, (4, 20))
shapes = np.reshape(shapes, (4, 3))
out = [fit(first, even), fit(replaced, even)]
out += [fit(c, cells(*s)) for c, s in zip(counts, shapes)]
out += [fit(counts[0], even)]
out += [stats.kstest(v, "gamma", (a,)).pvalue for a, v in zip(gammas, np.reshape(values, (4, -1)))]`,
    {
      first,
      replaced,
      counts: counts.flat(),
      shapes: shapes.flatMap(({ mu, alpha, beta }) => [mu, alpha, beta]),
      gammas: gammas.map(({ shape }) => shape),
      values: gammas.flatMap(({ values }) => values),
    },
  );
  const [uniformly, again, a, b, c, d, wrong, ...gamma] = p;
  for (const value of [uniformly, again, a, b, c, d, ...gamma]) {
    expect(value).toBeGreaterThan(0.001);
  }
  expect(gamma).toHaveLength(4);
  // The test can tell: a generalized Gaussian is not uniform.
  expect(wrong).toBeLessThan(1e-6);
});

test("with replacement a slice comes again before all have come", () => {
  const drawn = drawPositions({ kind: "withReplacement" }, 40, [0, 30], createRandom(1));
  expect(drawn).toHaveLength(40);
  expect(new Set(drawn).size).toBeLessThan(30);
});

test("the default is a power of 4 about the middle", () => {
  const defaults = count({ kind: "generalizedGaussian" }, 20, 50);
  const spelled = { kind: "generalizedGaussian", mu: 0.5, alpha: 0.4, beta: 4 } as const;
  expect(defaults).toEqual(count(spelled, 20, 50));
});

test("a range without two slices, or a parameter out of bounds, is refused by its value", () => {
  const random = createRandom(1);
  for (const range of [
    [4, 5],
    [5, 4],
    [-1, 3],
    [0.5, 3],
  ] as const) {
    expect(() => drawPositions(UNIFORM, 3, range, random)).toThrow(InvalidInput);
  }
  const gaussian = (more: object) =>
    ({ kind: "generalizedGaussian", ...more }) as SliceDistribution;
  checkSliceDistribution(UNIFORM);
  checkSliceDistribution(gaussian({}));
  expect(() => checkSliceDistribution(gaussian({ mu: 1.5 }))).toThrow(/mu from 0 to 1, got 1.5/);
  expect(() => checkSliceDistribution(gaussian({ alpha: 0 }))).toThrow(/alpha .*got 0/);
  expect(() => checkSliceDistribution(gaussian({ beta: NaN }))).toThrow(/beta .*got NaN/);
  expect(() => checkSliceDistribution({ kind: "even" } as unknown as SliceDistribution)).toThrow(
    /uniform, withReplacement or generalizedGaussian, got even/,
  );
});
