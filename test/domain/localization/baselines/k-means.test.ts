import { expect, it } from "vitest";
import { kMeans } from "../../../../domain/localization/baselines/k-means.ts";
import { createRandom } from "../../../../domain/random.ts";
import { python } from "../../../support/python.ts";

it("finds the means of clusters that are apart", () => {
  const values = Float32Array.of(1, 2, 3, 101, 103, 1000);
  expect(kMeans(values, 3)).toEqual([2, 102, 1000]);
  expect(kMeans(Float32Array.of(1, 3, 11, 13), 2)).toEqual([2, 12]);
});

it("has fewer clusters where there are fewer values", () => {
  expect(kMeans(Float32Array.of(4, 4, 9), 3)).toEqual([4, 9]);
  expect(kMeans(Float32Array.of(4, 4), 3)).toEqual([4]);
  expect(kMeans(new Float32Array(), 2)).toEqual([]);
});

it.each([1, 2, 3])("is no worse than the best of many random starts (seed %i)", (seed) => {
  const random = createRandom(seed, "k-means");
  const values = Float32Array.from({ length: 500 }, (_, i) =>
    i % 5 === 0 ? 4 + random.normal() : i % 3 === 0 ? 1.5 + 0.3 * random.normal() : random.normal(),
  );
  const centres = kMeans(values, 3);
  const error = values.reduce(
    (sum, v) => sum + Math.min(...centres.map((centre) => (v - centre) ** 2)),
    0,
  );
  const best = python<number>(
    `from scipy.cluster.vq import kmeans2
v = np.asarray(values)[:, None]
best = np.inf
for s in range(40):
    c, l = kmeans2(v, 3, minit="points", seed=s, iter=100)
    best = min(best, float(((v - c[l]) ** 2).sum()))
out = best`,
    { values },
  );
  expect(centres).toHaveLength(3);
  expect(error).toBeLessThanOrEqual(best * 1.001);
});
