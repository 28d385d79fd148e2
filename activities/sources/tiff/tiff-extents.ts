/** Which bytes of a file are spoken for. */
export interface Extents {
  /** Take bytes `[start, start + length)`; false, and nothing taken, when some of them are taken already. */
  claim(start: number, length: number): boolean;
}

/**
 * Bytes of a file, of which each may be part of one strip, tile or directory only: no writer shares
 * them, so where a file says so its offsets lie. Neighbours are merged, which keeps a stack's list
 * as short as it has gaps.
 */
export function createExtents(): Extents {
  // Sorted and disjoint; `starts[i]` to `ends[i]`.
  const starts: number[] = [];
  const ends: number[] = [];

  /** The first extent that ends behind `at`. */
  function find(at: number): number {
    // Most files are written from front to back.
    if (starts.length === 0 || ends.at(-1)! <= at) return starts.length;
    let [lo, hi] = [0, starts.length - 1];
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if (ends[middle]! > at) hi = middle;
      else lo = middle + 1;
    }
    return lo;
  }

  return {
    claim(start, length) {
      if (length <= 0) return true;
      const end = start + length;
      const i = find(start);
      if (i < starts.length && starts[i]! < end) return false;
      const before = i > 0 && ends[i - 1] === start;
      const after = i < starts.length && starts[i] === end;
      if (before && after) {
        ends[i - 1] = ends[i]!;
        starts.splice(i, 1);
        ends.splice(i, 1);
      } else if (before) ends[i - 1] = end;
      else if (after) starts[i] = start;
      else {
        starts.splice(i, 0, start);
        ends.splice(i, 0, end);
      }
      return true;
    },
  };
}
