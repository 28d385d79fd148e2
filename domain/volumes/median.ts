/**
 * The `q`-quantile (0 to 1) of some numbers, interpolated linearly like numpy's; NaN of nothing.
 * Does not change its input; time is linear in the number of values.
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  const n = values.length;
  if (n === 0) return NaN;
  const copy = Float64Array.from(values);
  const position = Math.min(Math.max(q, 0), 1) * (n - 1);
  const below = Math.floor(position);
  const lower = select(copy, below);
  if (below === position) return lower;
  // After the selection everything right of `below` is at least as large.
  let upper = Infinity;
  for (let i = below + 1; i < n; i++) if (copy[i]! < upper) upper = copy[i]!;
  return lower + (position - below) * (upper - lower);
}

/** The middle value; the mean of the middle two for an even number; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * Standard deviation of the bulk: 1.4826 times the median distance from the median, so that up to
 * half of the values may be anything. 0 when more than half are equal.
 */
export function robustSd(values: ArrayLike<number>, centre = median(values)): number {
  return 1.4826 * median(Float64Array.from(values, (v) => Math.abs(v - centre)));
}

/** Running median over `size` (odd) neighbours, borders mirrored with the edge repeated. */
export function medianLine(line: ArrayLike<number>, size: number): Float64Array {
  const radius = size >> 1;
  const n = line.length;
  const around = new Float64Array(2 * radius + 1);
  return Float64Array.from({ length: n }, (_, i) => {
    for (let k = -radius; k <= radius; k++) {
      const j = (((i + k) % (2 * n)) + 2 * n) % (2 * n);
      around[k + radius] = line[j < n ? j : 2 * n - 1 - j]!;
    }
    return median(around);
  });
}

/** The value that belongs at `k` in ascending order, put there (Hoare's quickselect), in place. */
function select(a: Float64Array, k: number): number {
  let lo = 0;
  let hi = a.length - 1;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    const [p, q, r] = [a[lo]!, a[middle]!, a[hi]!];
    const pivot = Math.max(Math.min(p, q), Math.min(Math.max(p, q), r));
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (a[j]! > pivot) j--;
      if (i > j) break;
      const swapped = a[i]!;
      a[i++] = a[j]!;
      a[j--] = swapped;
    }
    if (k <= j) hi = j;
    else if (k >= i) lo = i;
    else break;
  }
  return a[k]!;
}
