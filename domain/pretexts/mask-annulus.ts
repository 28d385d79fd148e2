import { median } from "../volumes/median.ts";
import type { Grid } from "../volumes/shape.ts";

/**
 * The same volume with the outer part of every slice along z evened out: pixels further from the
 * middle than `inner` of the half side become the median of those that stay. What is left of a
 * displacement then does not come from a wall.
 *
 * @param inner - share of the shorter half side that stays, above 0; beyond 1 it reaches into the corners.
 *   0.75 is what was masked in method.md §7.4
 */
export function maskAnnulus(grid: Grid<Float32Array>, inner = 0.75): Grid<Float32Array> {
  const [z, y, x] = grid.shape;
  const radius = (inner * Math.min(y, x)) / 2;
  const [row, column] = [(y - 1) / 2, (x - 1) / 2];
  const outside = Uint32Array.from({ length: y * x }, (_, i) => i).filter(
    (i) => Math.hypot(Math.floor(i / x) - row, (i % x) - column) > radius,
  );
  const isOutside = new Uint8Array(y * x);
  for (const i of outside) isOutside[i] = 1;
  const data = grid.data.slice();
  for (let k = 0; k < z; k++) {
    const slice = data.subarray(k * y * x, (k + 1) * y * x);
    const level = median(slice.filter((_, i) => isOutside[i] === 0));
    for (const i of outside) slice[i] = level;
  }
  return { shape: grid.shape, data };
}
