import type { Box, Grid } from "../../domain/volumes/shape.ts";

/** How much further than the box the specimen's surroundings are kept, in voxels. */
const AROUND = 3;

/**
 * The volume with everything but a box (and three voxels around it) at 0, the level of medium or air
 * in a view; or the other way round, with the box at 0 and what is around it as it is.
 */
export function maskBox(
  { shape, data }: Grid<Float32Array>,
  box: Box,
  keep: "inside" | "outside",
): Grid<Float32Array> {
  const [depth, height, width] = shape;
  const within = (at: number, axis: 0 | 1 | 2) =>
    at >= box[axis][0] - AROUND && at < box[axis][1] + AROUND;
  const masked = new Float32Array(data.length);
  for (let z = 0, i = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const row = within(z, 0) && within(y, 1);
      for (let x = 0; x < width; x++, i++) {
        if ((row && within(x, 2)) === (keep === "inside")) masked[i] = data[i]!;
      }
    }
  }
  return { shape, data: masked };
}
