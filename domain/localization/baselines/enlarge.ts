import { interpolate } from "../../volumes/interpolate.ts";
import type { Grid, Zyx } from "../../volumes/shape.ts";

/**
 * A grid at `factor` times its resolution, trilinearly: cell i of the result has its middle at
 * (i + .5) / factor - .5 of the grid. So a threshold finds faces between the voxels of a view.
 */
export function enlarge(grid: Grid<Float32Array>, factor: number): Grid<Float32Array> {
  if (factor === 1) return grid;
  const shape = grid.shape.map((n) => n * factor) as unknown as Zyx;
  const origin = 0.5 / factor - 0.5;
  const step = 1 / factor;
  return interpolate(grid, shape, [origin, origin, origin], [step, step, step]);
}
