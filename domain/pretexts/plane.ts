import type { Axis, Grid } from "../volumes/shape.ts";

/** A slice of a grid where it lies: row r, column c is at `start + r·rowStride + c·columnStride`. */
export interface Plane {
  readonly data: Float32Array;
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Slice `index` along an axis; rows and columns are the other two axes in their order. */
export function planeOf({ shape, data }: Grid<Float32Array>, axis: Axis, index: number): Plane {
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const [row, column] = otherAxes(axis);
  return {
    data,
    start: index * strides[axis],
    rows: shape[row],
    columns: shape[column],
    rowStride: strides[row],
    columnStride: strides[column],
  };
}

/** The axes that span a slice along `axis`. */
export function otherAxes(axis: Axis): readonly [row: Axis, column: Axis] {
  return axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
}
