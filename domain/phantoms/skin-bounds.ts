import { AXES, type Interval, type Zyx } from "../volumes/shape.ts";

/** Voxels beyond the points of the skin that may still hold some of the specimen. */
const MARGIN = 3;

/** Whole voxels, half-open per axis, that hold all of a specimen; they may lie beyond the scan. */
export function skinBounds(skin: readonly Zyx[]): readonly [Interval, Interval, Interval] {
  const [z, y, x] = AXES.map((axis): Interval => {
    const [lo, hi] = skinSpan(skin, axis);
    return [Math.floor(lo) - MARGIN, Math.ceil(hi) + MARGIN + 1];
  });
  return [z!, y!, x!];
}

/** The lowest and highest coordinate of a skin along an axis. */
export function skinSpan(skin: readonly Zyx[], axis: 0 | 1 | 2): Interval {
  let lo = Infinity;
  let hi = -Infinity;
  for (const point of skin) {
    lo = Math.min(lo, point[axis]);
    hi = Math.max(hi, point[axis]);
  }
  return [lo, hi];
}
