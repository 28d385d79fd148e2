import { sliceOf } from "../../segmentation/slices.ts";
import type { Axis, Grid } from "../../volumes/shape.ts";
import { PLANES } from "./refiner-network.ts";

export interface PlaneStack {
  readonly height: number;
  readonly width: number;
  /** `[height, width, PLANES]`: the plane and its neighbours as channels, 0 beyond the ends. */
  readonly values: Float32Array;
  /** Of the plane itself. */
  readonly classes: Uint8Array | undefined;
}

/** A plane across an axis as a refinement network sees it, with its neighbours as channels. */
export function planeStack(
  grid: Grid<Float32Array>,
  axis: Axis,
  index: number,
  labels?: Grid<Uint8Array>,
): PlaneStack {
  const middle = sliceOf(grid, axis, index);
  const { height, width } = middle;
  const values = new Float32Array(height * width * PLANES);
  const half = (PLANES - 1) / 2;
  for (let c = 0; c < PLANES; c++) {
    const at = index + c - half;
    if (at < 0 || at >= grid.shape[axis]) continue;
    const { data } = at === index ? middle : sliceOf(grid, axis, at);
    for (let i = 0; i < data.length; i++) values[i * PLANES + c] = data[i]!;
  }
  const classes = labels === undefined ? undefined : sliceOf(labels, axis, index).data;
  return { height, width, values, classes };
}
