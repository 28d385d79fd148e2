import { median } from "../../volumes/median.ts";
import { minFilter } from "../../volumes/min-filter.ts";
import type { Grid } from "../../volumes/shape.ts";
import type { Wall } from "./container.ts";
import { onLine } from "./line.ts";
import { createGauge } from "./section.ts";

/**
 * How much of what is inside a wall is near its commonest grey level, 0 to 1: nearer to the median
 * of what is not air than half of the way to air. A medium fills most of a tube; the inside of a
 * bone or a stem has no level of its own.
 */
export function mediumShare(smooth: Grid<Float32Array>, wall: Wall, air: number): number {
  const values = inside(smooth, wall);
  const medium = median(values.filter((v) => v > air));
  const near = values.filter((v) => Math.abs(v - medium) <= 0.5 * (medium - air));
  return values.length === 0 ? 0 : near.length / values.length;
}

/** How much of what is inside a wall has no air within two voxels, 0 to 1. */
export function openShare(smooth: Grid<Float32Array>, wall: Wall, air: number): number {
  const least = inside(minFilter(smooth, 2), wall);
  return least.length === 0 ? 0 : least.filter((v) => v > air).length / least.length;
}

/** Every second voxel along each axis, two below the inner face. */
function inside({ shape: [z, y, x], data }: Grid<Float32Array>, wall: Wall): number[] {
  const gauge = createGauge(wall.section);
  const values: number[] = [];
  for (let k = 0; k < z; k += 2) {
    const [cy, cx] = [onLine(wall.centreY, k), onLine(wall.centreX, k)];
    for (let j = 0; j < y; j += 2) {
      for (let l = 0; l < x; l += 2) {
        if (gauge(j - cy, l - cx) < wall.section.radius - 2)
          values.push(data[(k * y + j) * x + l]!);
      }
    }
  }
  return values;
}
