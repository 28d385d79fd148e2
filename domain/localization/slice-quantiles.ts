import { quantile } from "../volumes/median.ts";
import { AXES } from "../volumes/shape.ts";
import type { Axis, Grid } from "../volumes/shape.ts";

/**
 * One number per slice along z, y and x: the `q`-quantile of the slice. A high quantile answers
 * "is there specimen anywhere in this slice"; the mean would drown a thin one.
 */
export function sliceQuantiles(
  grid: Grid,
  q: number,
): [z: Float64Array, y: Float64Array, x: Float64Array] {
  const along = (axis: Axis) =>
    Float64Array.from({ length: grid.shape[axis] }, (_, k) => quantile(slice(grid, axis, k), q));
  const [z, y, x] = AXES.map(along);
  return [z!, y!, x!];
}

function slice({ shape: [z, y, x], data }: Grid, axis: Axis, k: number): ArrayLike<number> {
  if (axis === 0) return data.subarray(k * y * x, (k + 1) * y * x);
  const out = new Float64Array(axis === 1 ? z * x : z * y);
  let n = 0;
  for (let i = 0; i < z; i++) {
    if (axis === 1) for (let l = 0; l < x; l++) out[n++] = data[(i * y + k) * x + l]!;
    else for (let j = 0; j < y; j++) out[n++] = data[(i * y + j) * x + k]!;
  }
  return out;
}
