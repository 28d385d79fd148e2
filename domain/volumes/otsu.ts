/** Where a histogram splits into classes, and how clean the split is. */
export interface Otsu {
  /** One threshold between two classes, two between three, ascending. A class is `> threshold`. */
  readonly thresholds: readonly number[];
  /**
   * Distance of the means of the lowest and the highest class in units of their root mean square
   * deviation (d'); infinite when both are constant, 0 when there is only one value.
   */
  readonly separation: number;
}

/**
 * Thresholds that leave the least variance within 2 or 3 classes, found on a histogram.
 *
 * Values that are not numbers are ignored. Fewer different values than classes give fewer
 * thresholds: nothing can be told apart in a constant image.
 * @see Otsu, A threshold selection method from gray-level histograms, 1979
 */
export function otsu(values: ArrayLike<number>, classes: 2 | 3 = 2, bins = 256): Otsu {
  let lo = Infinity;
  let hi = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v < lo) lo = v;
    if (v > hi) hi = v;
  }
  if (!(hi > lo)) return { thresholds: [], separation: 0 };
  const width = (hi - lo) / bins;
  const count = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v === v) count[Math.min(bins - 1, Math.floor((v - lo) / width))]! += 1;
  }
  // Cumulated count, sum and sum of squares in units of bins: [i] is everything below bin i.
  const n = new Float64Array(bins + 1);
  const s = new Float64Array(bins + 1);
  const ss = new Float64Array(bins + 1);
  for (let i = 0; i < bins; i++) {
    n[i + 1] = n[i]! + count[i]!;
    s[i + 1] = s[i]! + count[i]! * i;
    ss[i + 1] = ss[i]! + count[i]! * i * i;
  }
  const between = (a: number, b: number) => {
    const weight = n[b]! - n[a]!;
    return weight === 0 ? -Infinity : (s[b]! - s[a]!) ** 2 / weight;
  };

  let best = -Infinity;
  let cuts: number[] = [];
  for (let i = 1; i < bins; i++) {
    if (classes === 2) {
      const score = between(0, i) + between(i, bins);
      if (score > best) [best, cuts] = [score, [i]];
      continue;
    }
    for (let j = i + 1; j < bins; j++) {
      const score = between(0, i) + between(i, j) + between(j, bins);
      if (score > best) [best, cuts] = [score, [i, j]];
    }
  }
  if (cuts.length === 0) return otsu(values, 2, bins);

  const low = moments(0, cuts[0]!);
  const high = moments(cuts.at(-1)!, bins);
  const spread = Math.sqrt((low.variance + high.variance) / 2);
  return {
    thresholds: cuts.map((cut) => lo + middleOfGap(count, cut) * width),
    separation: (high.mean - low.mean) / spread,
  };

  function moments(a: number, b: number) {
    const weight = n[b]! - n[a]!;
    const mean = (s[b]! - s[a]!) / weight;
    return { mean, variance: Math.max(0, (ss[b]! - ss[a]!) / weight - mean * mean) };
  }
}

/** Every cut through the same run of empty bins scores the same: take the run's middle. */
function middleOfGap(count: Float64Array, cut: number): number {
  let end = cut;
  while (end < count.length && count[end] === 0) end++;
  return (cut + end) / 2;
}
