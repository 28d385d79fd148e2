import { gaussianLine } from "../volumes/gaussian.ts";
import { medianLine, quantile } from "../volumes/median.ts";
import { otsu } from "../volumes/otsu.ts";

/** A stretch of slices with specimen in it. */
export interface ProfileInterval {
  /**
   * Half-open and fractional, in slices: slice i covers [i, i + 1). Undefined when the profile
   * has no two classes.
   */
  readonly interval: readonly [lo: number, hi: number] | undefined;
  readonly threshold: number;
  /** Distance of the two classes' means in their deviations (d'); below 1 nothing was found. */
  readonly separation: number;
}

/**
 * Find the stretch of an axis where a certainty profile is high: median over 5 slices, Gaussian,
 * a threshold (Otsu, or midway between the 10th and 90th percentile), the run with the largest sum
 * above it, and ends interpolated to where the profile crosses the threshold.
 *
 * The run may step over dips whose sum below the threshold is smaller than what follows.
 */
export function profileInterval(
  profile: ArrayLike<number>,
  rule: "otsu" | "midpoint" = "otsu",
): ProfileInterval {
  const n = profile.length;
  const line = gaussianLine(medianLine(profile, 5), Math.max(1.2, 0.01 * n));
  const split = otsu(line);
  const threshold =
    rule === "otsu" ? split.thresholds[0] : (quantile(line, 0.1) + quantile(line, 0.9)) / 2;
  if (threshold === undefined || !(split.separation >= 1)) {
    return { interval: undefined, threshold: threshold ?? NaN, separation: split.separation };
  }
  const [first, last] = maxSumRun(line, threshold);
  const crossing = (below: number, above: number) => {
    const rise = line[above]! - line[below]!;
    const share = rise > 0 ? (threshold - line[below]!) / rise : 0.5;
    return below + (above - below) * share + 0.5;
  };
  const lo = first === 0 ? 0 : crossing(first - 1, first);
  const hi = last === n - 1 ? n : crossing(last + 1, last);
  return { interval: [lo, hi], threshold, separation: split.separation };
}

/** First and last index of the run with the largest sum of `value - threshold` (Kadane, 1984). */
function maxSumRun(line: Float64Array, threshold: number): readonly [number, number] {
  let best = -Infinity;
  let run: readonly [number, number] = [0, line.length - 1];
  let sum = 0;
  let start = 0;
  for (let i = 0; i < line.length; i++) {
    if (sum <= 0) {
      sum = 0;
      start = i;
    }
    sum += line[i]! - threshold;
    if (sum > best) {
      best = sum;
      run = [start, i];
    }
  }
  return run;
}
