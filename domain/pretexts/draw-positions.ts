import { InvalidInput } from "../errors.ts";
import type { Random } from "../random.ts";
import type { Interval } from "../volumes/shape.ts";
import { gammaVariate } from "./gamma-variate.ts";
import type { SliceDistribution } from "./slice-distribution.ts";

/**
 * Draw `k` slices of one volume: indices within `[lo, hi)`, in random order. Always k of them, so
 * that batches have one shape; equal ones are ties, which the sorting loss skips.
 *
 * Throws `InvalidInput` for a range without a slice, and where ties are all there can be.
 * @see arXiv 2011.03353, section 2.1; method.md, section 2.2: what falls outside the range is drawn
 * again, where the authors' code clips it onto the end slices
 */
export function drawPositions(
  distribution: SliceDistribution,
  k: number,
  [lo, hi]: Interval,
  random: Random,
): number[] {
  const n = hi - lo;
  if (!Number.isInteger(lo) || !Number.isInteger(hi) || lo < 0 || n < 2) {
    throw new InvalidInput(`Expected two slices or more to sort, got the range ${lo} to ${hi}`);
  }
  switch (distribution.kind) {
    case "uniform":
      return withoutReplacement(k, n, random).map((i) => lo + i);
    case "withReplacement":
      return Array.from({ length: k }, () => lo + random.int(n));
    case "generalizedGaussian": {
      const { mu = 0.5, alpha = 0.4, beta = 4 } = distribution;
      return Array.from({ length: k }, () => {
        const place = generalizedGaussian(mu, alpha, beta, random);
        return lo + Math.min(Math.floor(place * n), n - 1);
      });
    }
  }
}

/** Passes over all `n` numbers, each in an order of its own, the last cut short. */
function withoutReplacement(k: number, n: number, random: Random): number[] {
  if (k > n) return [...withoutReplacement(n, n, random), ...withoutReplacement(k - n, n, random)];
  const all = Array.from({ length: n }, (_, i) => i);
  // The beginning of a Fisher–Yates shuffle.
  for (let i = 0; i < k; i++) {
    const j = i + random.int(n - i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, k);
}

function generalizedGaussian(mu: number, alpha: number, beta: number, random: Random): number {
  for (;;) {
    const away = alpha * gammaVariate(1 / beta, random) ** (1 / beta);
    const place = random.next() < 0.5 ? mu - away : mu + away;
    if (place >= 0 && place <= 1) return place;
  }
}
