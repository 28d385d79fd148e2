import { describe, expect, it } from "vitest";
import { poisson } from "../../../domain/phantoms/poisson.ts";
import { createRandom } from "../../../domain/random.ts";

const N = 100_000;

describe("poisson", () => {
  it.each([0.5, 4, 9.99, 10, 37, 1600, 20_000])("has mean and variance %d", (mean) => {
    const random = createRandom(5, `poisson ${mean}`);
    const counts = Array.from({ length: N }, () => poisson(random, mean));
    const average = counts.reduce((a, b) => a + b) / N;
    const variance = counts.reduce((s, k) => s + (k - average) ** 2, 0) / N;
    // Five standard errors of the sample mean and variance.
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / N));
    const standardError = Math.sqrt((mean + 2 * mean ** 2) / N);
    expect(Math.abs(variance - mean)).toBeLessThan(5 * standardError);
    expect(counts.every((k) => Number.isInteger(k) && k >= 0)).toBe(true);
  });

  it.each([6, 12, 30])("follows the distribution's formula at mean %d", (mean) => {
    const random = createRandom(6, `poisson ${mean}`);
    const seen = new Map<number, number>();
    for (let i = 0; i < N; i++) {
      const k = poisson(random, mean);
      seen.set(k, (seen.get(k) ?? 0) + 1);
    }
    let chance = Math.exp(-mean);
    let chi2 = 0;
    let cells = 0;
    for (let k = 0; k < 3 * mean; k++) {
      if (k > 0) chance *= mean / k;
      if (chance * N < 20) continue;
      chi2 += ((seen.get(k) ?? 0) - chance * N) ** 2 / (chance * N);
      cells++;
    }
    expect(cells).toBeGreaterThan(10);
    expect(chi2).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
  });

  it("counts nothing where no photon arrives", () => {
    expect(poisson(createRandom(1), 0)).toBe(0);
  });
});
