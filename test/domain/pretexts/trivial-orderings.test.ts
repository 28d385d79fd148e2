import { expect, it } from "vitest";
import { maskAnnulus } from "../../../domain/pretexts/mask-annulus.ts";
import { fitTrivialOrderings } from "../../../domain/pretexts/trivial-orderings.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

/** A cone on its tip or on its base: more specimen, or less, from slice to slice. */
function cone(seed: number, growing: boolean) {
  const random = createRandom(seed, "cone");
  const [z, y, x] = [20, 24, 26];
  const data = Float32Array.from({ length: z * y * x }, (_, i) => {
    const slice = Math.floor(i / (y * x));
    const radius = 2 + (9 * (growing ? slice : z - 1 - slice)) / z;
    const distance = Math.hypot((Math.floor(i / x) % y) - 11.5, (i % x) - 12.5);
    return (distance < radius ? 4 : 0) + 0.5 * random.normal();
  });
  return { shape: [z, y, x] as const, data };
}

it("measures slices like numpy, level and directions by what fits the training volumes", () => {
  const training = [cone(1, false), cone(2, false)];
  const volume = cone(3, false);
  const scores = fitTrivialOrderings(training)(volume);
  const expected = python<[number[], number[], number[], number[], number[]]>(
    `from scipy.stats import spearmanr
both = np.concatenate([a.ravel(), b.ravel()]).astype(float)
area = lambda v, level: (v.reshape(len(v), -1) > level).sum(1)
levels = np.quantile(both, np.arange(1, 20) / 20)
fits = [abs(sum(spearmanr(area(t, level), np.arange(len(t))).statistic for t in (a, b))) for level in levels]
f = v.reshape(len(v), -1).astype(float)
out = [area(v, levels[int(np.argmax(fits))]), f.mean(1), f.std(1), np.quantile(f, .99, axis=1), fits]`,
    { a: training[0]!, b: training[1]!, v: volume },
  );
  const [area, mean, std, p99, fits] = expected;
  expect(Math.max(...fits) - Math.min(...fits)).toBeGreaterThan(0.1); // there was something to choose
  // They shrink along z, so that every sign is turned.
  area.forEach((n, k) => expect(-scores.area[k]!).toBe(n));
  mean.forEach((m, k) => expect(-scores.mean[k]!).toBeCloseTo(m, 6));
  std.forEach((s, k) => expect(-scores.std[k]!).toBeCloseTo(s, 6));
  p99.forEach((q, k) => expect(-scores.p99[k]!).toBeCloseTo(q, 6));
});

it("orders by area what grows, and the other way round what the training volumes do not agree with", () => {
  const order = fitTrivialOrderings([cone(1, true)]);
  const up = order(cone(4, true)).area;
  const down = order(cone(4, false)).area;
  expect(up[19]! - up[0]!).toBeGreaterThan(100);
  expect(down[19]! - down[0]!).toBeLessThan(-100);
});

it("evens out what is further out than the disc, by the median of the disc, slice by slice", () => {
  const [z, y, x] = [3, 9, 12];
  const random = createRandom(5);
  const data = Float32Array.from({ length: z * y * x }, () => random.normal());
  const grid = { shape: [z, y, x] as const, data };
  const before = data.slice();
  const expected = python<number[]>(
    `yy, xx = np.mgrid[:9, :12]; far = np.hypot(yy - 4, xx - 5.5) > .75 * 4.5
out = v.copy()
for s in out: s[far] = np.median(s[~far])
assert 20 < far.sum() < 90`,
    { v: grid },
  );
  const masked = maskAnnulus(grid);
  expect(masked.data.length).toBe(expected.length);
  expected.forEach((value, i) => expect(masked.data[i]!).toBeCloseTo(value, 6));
  expect(data).toEqual(before);
});
