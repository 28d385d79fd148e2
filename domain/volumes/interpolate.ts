import type { Grid, Zyx } from "./shape.ts";

/**
 * Resample with trilinear interpolation: voxel (i,j,k) of the result is the value at
 * `origin + step·(i,j,k)` in voxels of `grid`; beyond the edge the edge's value goes on.
 */
export function interpolate(grid: Grid, shape: Zyx, origin: Zyx, step: Zyx): Grid<Float32Array> {
  const [z, y, x] = shape;
  const [, ny, nx] = grid.shape;
  const [az, ay, ax] = ([0, 1, 2] as const).map((axis) =>
    positions(grid.shape[axis], shape[axis], origin[axis], step[axis]),
  ) as [Positions, Positions, Positions];
  const { data } = grid;
  const out = new Float32Array(z * y * x);
  for (let k = 0, at = 0; k < z; k++) {
    const fz = az.fraction[k]!;
    for (let j = 0; j < y; j++) {
      const fy = ay.fraction[j]!;
      const r00 = (az.below[k]! * ny + ay.below[j]!) * nx;
      const r01 = (az.below[k]! * ny + ay.above[j]!) * nx;
      const r10 = (az.above[k]! * ny + ay.below[j]!) * nx;
      const r11 = (az.above[k]! * ny + ay.above[j]!) * nx;
      for (let i = 0; i < x; i++) {
        const [p, q, fx] = [ax.below[i]!, ax.above[i]!, ax.fraction[i]!];
        const v00 = data[r00 + p]! + fx * (data[r00 + q]! - data[r00 + p]!);
        const v01 = data[r01 + p]! + fx * (data[r01 + q]! - data[r01 + p]!);
        const v10 = data[r10 + p]! + fx * (data[r10 + q]! - data[r10 + p]!);
        const v11 = data[r11 + p]! + fx * (data[r11 + q]! - data[r11 + p]!);
        const v0 = v00 + fy * (v01 - v00);
        out[at++] = v0 + fz * (v10 + fy * (v11 - v10) - v0);
      }
    }
  }
  return { shape, data: out };
}

type Positions = ReturnType<typeof positions>;

function positions(n: number, count: number, origin: number, step: number) {
  const below = new Int32Array(count);
  const above = new Int32Array(count);
  const fraction = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(Math.max(origin + step * i, 0), n - 1);
    below[i] = Math.floor(at);
    above[i] = Math.min(below[i]! + 1, n - 1);
    fraction[i] = at - below[i]!;
  }
  return { below, above, fraction };
}
