import type { Box, Interval, Zyx } from "./shape.ts";

/** The box of everything. */
export function fullBox([z, y, x]: Zyx): Box {
  return [
    [0, z],
    [0, y],
    [0, x],
  ];
}

/** Voxels per axis. */
export function boxShape(box: Box): Zyx {
  return [box[0][1] - box[0][0], box[1][1] - box[1][0], box[2][1] - box[2][0]];
}

/** Number of voxels in a box. */
export function boxVolume(box: Box): number {
  const [z, y, x] = boxShape(box);
  return z * y * x;
}

/** Grow a box by a margin per face, clipped to the volume. */
export function growBox(box: Box, margin: Box, shape: Zyx): Box {
  return mapAxes((axis) => [
    Math.max(0, box[axis][0] - margin[axis][0]),
    Math.min(shape[axis], box[axis][1] + margin[axis][1]),
  ]);
}

/** The smallest box that holds both. */
export function hullBox(a: Box, b: Box): Box {
  return mapAxes((axis) => [Math.min(a[axis][0], b[axis][0]), Math.max(a[axis][1], b[axis][1])]);
}

/** Voxels that two boxes share. */
export function overlapVolume(a: Box, b: Box): number {
  const side = (axis: 0 | 1 | 2) =>
    Math.max(0, Math.min(a[axis][1], b[axis][1]) - Math.max(a[axis][0], b[axis][0]));
  return side(0) * side(1) * side(2);
}

/** Intersection over union of two boxes, 0 to 1. */
export function boxIou(a: Box, b: Box): number {
  const shared = overlapVolume(a, b);
  const union = boxVolume(a) + boxVolume(b) - shared;
  return union === 0 ? 0 : shared / union;
}

/**
 * A box at level `from` as the box of the same physical region at level `to`, rounded outwards so
 * that nothing is cut, clipped to `shape` (the volume's shape at level `to`).
 */
export function rescaleBox(box: Box, from: number, to: number, shape: Zyx): Box {
  const scale = 2 ** (from - to);
  return mapAxes((axis) => [
    Math.max(0, Math.floor(box[axis][0] * scale)),
    Math.min(shape[axis], Math.ceil(box[axis][1] * scale)),
  ]);
}

/** Build a box axis by axis. */
export function mapAxes(interval: (axis: 0 | 1 | 2) => Interval): Box {
  return [interval(0), interval(1), interval(2)];
}
