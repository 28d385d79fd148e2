import { mapAxes, rescaleBox } from "../volumes/box.ts";
import type { Box, Zyx } from "../volumes/shape.ts";

/** Where a working level lies in its volume. */
export interface Place {
  /** Pyramid level: its voxels are `2^level` voxels of the volume wide. */
  readonly level: number;
  /** Voxels of the volume at level 0. */
  readonly shape0: Zyx;
}

/**
 * A box in a grid of `shape` whose cells are `cell` voxels of the working level wide, as a box of
 * the volume at level 0, rounded outwards. A face on the grid's border goes to the volume's
 * border: what a coarser level may have dropped there is not cut.
 */
export function placeBox(box: Box, shape: Zyx, cell: number, { level, shape0 }: Place): Box {
  const fine = rescaleBox(
    mapAxes((axis) => [box[axis][0] * cell, box[axis][1] * cell]),
    level,
    0,
    shape0,
  );
  return mapAxes((axis) => [
    box[axis][0] <= 0 ? 0 : fine[axis][0],
    box[axis][1] >= shape[axis] ? shape0[axis] : fine[axis][1],
  ]);
}
