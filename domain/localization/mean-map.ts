import { InvalidInput } from "../errors.ts";
import { interpolate } from "../volumes/interpolate.ts";
import type { Grid, Zyx } from "../volumes/shape.ts";
import type { CertaintyMap } from "./view.ts";

/**
 * The mean of certainty maps (one per axis), interpolated to a grid of `shape` whose cells are
 * `1 / finer` voxels of the view wide; beyond the outermost points their value goes on.
 */
export function meanMap(
  maps: readonly CertaintyMap[],
  shape: Zyx,
  finer: number,
): Grid<Float32Array> {
  if (maps.length === 0) throw new InvalidInput("Expected at least one certainty map, got none");
  const sum = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (const { values, offset, stride } of maps) {
    // Cell i of the finer grid has its middle at view voxel (i + .5) / finer - .5.
    const origin = (0.5 / finer - 0.5 - offset) / stride;
    const step = 1 / finer / stride;
    const { data } = interpolate(values, shape, [origin, origin, origin], [step, step, step]);
    for (let i = 0; i < sum.length; i++) sum[i]! += data[i]! / maps.length;
  }
  return { shape, data: sum };
}
