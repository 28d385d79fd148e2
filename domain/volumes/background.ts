import { type Box, type Grid } from "./shape.ts";
import { percentiles } from "./statistics.ts";

/** What the voxels around a specimen look like: what a filled shell is made of. */
export interface Background {
  readonly mean: number;
  readonly standardDeviation: number;
  readonly median: number;
  /** Voxels counted. */
  readonly count: number;
}

/** Statistics of the voxels of `grid` that lie outside `box`; undefined when there are none. */
export function backgroundStatistics(grid: Grid, box: Box): Background | undefined {
  const [z, y, x] = grid.shape;
  const [zs, ys, xs] = box;
  const outside = grid.data.slice();
  let count = 0;
  for (let k = 0, at = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      const crossed = k >= zs[0] && k < zs[1] && j >= ys[0] && j < ys[1];
      for (let i = 0; i < x; i++, at++) {
        if (crossed && i >= xs[0] && i < xs[1]) continue;
        outside[count++] = grid.data[at]!;
      }
    }
  }
  if (count === 0) return undefined;
  const values = outside.subarray(0, count);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2;
  const [median] = percentiles(values, [0.5]);
  return { mean, standardDeviation: Math.sqrt(squares / count), median: median!, count };
}
