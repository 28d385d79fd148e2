/** How far two samples' distributions are apart, and how probable that is for equal ones. */
export interface TwoSampleTest {
  /** The largest distance between the two empirical distribution functions, 0 to 1. */
  readonly distance: number;
  /** Probability of that distance or more if both come from one distribution. */
  readonly probability: number;
}

/**
 * Two-sample Kolmogorov–Smirnov test with its asymptotic distribution, two-sided; conservative
 * where values are tied. NaN where a sample is empty.
 *
 * @see Smirnov 1939; the limiting distribution is scipy's `kstwobign`
 */
export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): TwoSampleTest {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return { distance: NaN, probability: NaN };
  const [x, y] = [a.toSorted((p, q) => p - q), b.toSorted((p, q) => p - q)];
  let [i, j, distance] = [0, 0, 0];
  while (i < n && j < m) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < n && x[i]! <= value) i++;
    while (j < m && y[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / n - j / m));
  }
  return { distance, probability: tail(Math.sqrt((n * m) / (n + m)) * distance) };
}

/** Kolmogorov's distribution: P(K > t) = 2 Σ (-1)^(k-1) exp(-2 k² t²). */
function tail(t: number): number {
  // Below this the series needs many terms and the probability is 1 to 10 digits.
  if (t < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * t * t);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
