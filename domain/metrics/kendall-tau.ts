import { checkPairs } from "./check-pairs.ts";

/**
 * Kendall's τ-b: concordant minus discordant pairs, over the pairs that could be either, -1 to 1;
 * ties are corrected for in both series. NaN where it is not defined: a constant series, a NaN,
 * fewer than two values. O(n log n).
 *
 * @see Knight, A computer method for calculating Kendall's tau with ungrouped data, 1966
 */
export function kendallTau(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (!checkPairs(a, b)) return NaN;
  const n = a.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => a[i]! - a[j]! || b[i]! - b[j]!,
  );
  const x = Float64Array.from(order, (i) => a[i]!);
  const y = Float64Array.from(order, (i) => b[i]!);
  const all = pairs(n);
  const tiedInA = tiedPairs(n, (i) => x[i] === x[i - 1]);
  const tiedInBoth = tiedPairs(n, (i) => x[i] === x[i - 1] && y[i] === y[i - 1]);
  const discordant = sortCountingSwaps(y);
  const tiedInB = tiedPairs(n, (i) => y[i] === y[i - 1]); // sorted by now
  const difference = all - tiedInA - tiedInB + tiedInBoth - 2 * discordant;
  return difference / Math.sqrt(all - tiedInA) / Math.sqrt(all - tiedInB);
}

function pairs(n: number): number {
  return (n * (n - 1)) / 2;
}

/** Pairs within runs of equal neighbours. */
function tiedPairs(n: number, equalsPrevious: (i: number) => boolean): number {
  let tied = 0;
  for (let i = 1, run = 1; i <= n; i++) {
    if (i < n && equalsPrevious(i)) run++;
    else {
      tied += pairs(run);
      run = 1;
    }
  }
  return tied;
}

/** Merge sort in place; how many swaps of neighbours a bubble sort would have needed. */
function sortCountingSwaps(values: Float64Array): number {
  const n = values.length;
  let swaps = 0;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(n);
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let [left, right] = [start, middle];
      for (let k = start; k < end; k++) {
        if (left < middle && (right >= end || from[left]! <= from[right]!)) to[k] = from[left++]!;
        else {
          to[k] = from[right++]!;
          swaps += middle - left;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return swaps;
}
