import type { Axis, Grid } from "../volumes/shape.ts";
import { otherAxes, planeOf } from "./plane.ts";
import type { Plane } from "./plane.ts";

/** The slices of a grid along one axis, ready to be sampled as images of some size. */
export interface SliceStack {
  readonly count: number;
  readonly plane: (index: number) => Plane;
  /** The middle of every plane, in its rows and columns. */
  readonly row: number;
  readonly column: number;
  /** Pixels of the planes per pixel of an image in which the whole slice fits. */
  readonly scale: number;
}

/**
 * Slices much larger than the image are averaged over blocks first: bilinear sampling alone would
 * skip pixels. The proportions stay; what a slice lacks to a square is zero, the medium's level.
 */
export function createSliceStack(
  grid: Grid<Float32Array>,
  axis: Axis,
  imageSize: number,
): SliceStack {
  const [row, column] = otherAxes(axis);
  const longest = Math.max(grid.shape[row], grid.shape[column]);
  const factor = Math.max(1, Math.floor(longest / imageSize));
  const planes =
    factor === 1
      ? undefined
      : Array.from({ length: grid.shape[axis] }, (_, k) => reduce(planeOf(grid, axis, k), factor));
  const plane = (k: number) => planes?.[k] ?? planeOf(grid, axis, k);
  const { rows, columns } = plane(0);
  return {
    count: grid.shape[axis],
    plane,
    row: (rows - 1) / 2,
    column: (columns - 1) / 2,
    scale: Math.max(rows, columns) / imageSize,
  };
}

/** Means over blocks of `factor²` pixels, of what there is of them at the border. */
function reduce(plane: Plane, factor: number): Plane {
  const rows = Math.ceil(plane.rows / factor);
  const columns = Math.ceil(plane.columns / factor);
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  for (let r = 0; r < plane.rows; r++) {
    for (let c = 0; c < plane.columns; c++) {
      const to = Math.floor(r / factor) * columns + Math.floor(c / factor);
      sums[to]! += plane.data[plane.start + r * plane.rowStride + c * plane.columnStride]!;
      counts[to]!++;
    }
  }
  const data = Float32Array.from(sums, (sum, i) => sum / counts[i]!);
  return { data, start: 0, rows, columns, rowStride: columns, columnStride: 1 };
}
