import { InvalidInput } from "../errors.ts";
import type { Grid, Zyx } from "./shape.ts";

/**
 * Mean over blocks of `factor³` voxels. A last block that is cut by the border is the mean of what
 * there is of it, so that nothing at the border is lost: the shape is rounded up.
 */
export function bin(grid: Grid, factor: number): Grid<Float32Array> {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new InvalidInput(`Expected a whole number of voxels per bin, 1 or more, got ${factor}`);
  }
  const [z, y, x] = grid.shape;
  const shape = grid.shape.map((n) => Math.ceil(n / factor)) as unknown as Zyx;
  const [, by, bx] = shape;
  const data = new Float32Array(shape[0] * by * bx);
  const sums = new Float64Array(bx);
  for (let k = 0; k < shape[0]; k++) {
    const [z0, z1] = [k * factor, Math.min(z, (k + 1) * factor)];
    for (let j = 0; j < by; j++) {
      const [y0, y1] = [j * factor, Math.min(y, (j + 1) * factor)];
      sums.fill(0);
      for (let zz = z0; zz < z1; zz++) {
        for (let yy = y0; yy < y1; yy++) {
          const at = (zz * y + yy) * x;
          for (let i = 0, xx = 0; i < bx; i++) {
            const end = Math.min(x, xx + factor);
            let sum = 0;
            for (; xx < end; xx++) sum += grid.data[at + xx]!;
            sums[i]! += sum;
          }
        }
      }
      const out = (k * by + j) * bx;
      for (let i = 0; i < bx; i++) {
        const width = Math.min(x, (i + 1) * factor) - i * factor;
        data[out + i] = sums[i]! / ((z1 - z0) * (y1 - y0) * width);
      }
    }
  }
  return { shape, data };
}
