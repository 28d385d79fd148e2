import type { Axis, Grid, VoxelArray } from "../volumes/shape.ts";

/** One slice of a grid across an axis: rows and columns are the other two axes in their order. */
export interface Slice<T extends VoxelArray> {
  readonly height: number;
  readonly width: number;
  readonly data: T;
}

/** Copy the slice at `index` across `axis`. */
export function sliceOf<T extends VoxelArray>(
  { shape, data }: Grid<T>,
  axis: Axis,
  index: number,
): Slice<T> {
  const strides = [shape[1] * shape[2], shape[2], 1];
  const [rows, columns] = ([0, 1, 2] as const).filter((other) => other !== axis) as [Axis, Axis];
  const [height, width] = [shape[rows], shape[columns]];
  const out = new (data.constructor as new (length: number) => T)(height * width);
  const start = index * strides[axis]!;
  for (let i = 0, at = 0; i < height; i++) {
    let from = start + i * strides[rows]!;
    for (let j = 0; j < width; j++, at++, from += strides[columns]!) out[at] = data[from]!;
  }
  return { height, width, data: out };
}

/** Where voxel (row, column) of the slice at `index` across `axis` lies in the grid's data. */
export function sliceOffsets(
  { shape }: Grid,
  axis: Axis,
  index: number,
): { readonly start: number; readonly row: number; readonly column: number } {
  const strides = [shape[1] * shape[2], shape[2], 1];
  const [rows, columns] = ([0, 1, 2] as const).filter((other) => other !== axis) as [Axis, Axis];
  return { start: index * strides[axis]!, row: strides[rows]!, column: strides[columns]! };
}
