import { median, quantile, robustSd } from "../../volumes/median.ts";
import type { Grid } from "../../volumes/shape.ts";
import type { Wall } from "./container.ts";
import type { Ring } from "./find-ring.ts";
import { onLine } from "./line.ts";
import { createGauge } from "./section.ts";

/** What is around the specimen within a wall. */
export interface Surroundings {
  /** Grey level between air and medium, where both are seen. */
  readonly air?: number;
  readonly dry: boolean;
}

/**
 * Tell a medium from air: air is beyond the wall, or in slices at the ends of the tube that are
 * darker as a whole. Without either there is no air that could be told from the medium, and if
 * what is brightest is twelve times the noise or more above the rest, the specimen is in air.
 */
export function surroundings(
  level: Grid,
  smooth: Grid<Float32Array>,
  wall: Wall,
  ring: Ring,
): Surroundings {
  const [z, y, x] = level.shape;
  const gauge = createGauge(wall.section);
  const medians: number[] = [];
  const values: number[] = [];
  for (let k = 0; k < z; k++) {
    const [cy, cx] = [onLine(wall.centreY, k), onLine(wall.centreX, k)];
    const slice: number[] = [];
    for (let j = k % 2; j < y; j += 2) {
      for (let l = 0; l < x; l += 2) {
        if (gauge(j - cy, l - cx) >= wall.section.radius - 2) continue;
        const at = (k * y + j) * x + l;
        slice.push(smooth.data[at]!);
        values.push(level.data[at]!);
      }
    }
    if (slice.length > 0) medians.push(median(slice));
  }
  const medium = median(medians);
  const noise = robustSd(values);
  const step = Math.abs(ring.wall - ring.inside);
  const least = Math.max(10 * robustSd(medians, medium), 2 * noise, 0.5 * step);
  const ends = [medians[0]!, medians.at(-1)!, ring.outside].filter((v) => medium - v > least);
  if (ends.length > 0) return { air: (medium + Math.min(...ends)) / 2, dry: false };
  return { dry: quantile(values, 0.998) - medium > 12 * noise };
}
