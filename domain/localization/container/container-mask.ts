import { minFilter } from "../../volumes/min-filter.ts";
import type { Grid, Mask } from "../../volumes/shape.ts";
import type { FoundContainer } from "./container.ts";
import { onLine } from "./line.ts";
import { createGauge } from "./section.ts";

/** What a container leaves. */
export interface ContainerMask {
  /** 1 where medium or specimen can be: 0 for walls, what is beyond them, air, a bed. */
  readonly valid: Mask;
  /** Distance from the axis by the wall's gauge; 0 without a wall. */
  readonly radius: Float32Array;
  /** Voxels within the wall, per slice. */
  readonly inside: Int32Array;
}

/**
 * Mask a container. Air goes with two voxels around it where its grey level is known. `smooth` is
 * the level blurred by 1.5 voxels.
 */
export function maskContainer(
  smooth: Grid<Float32Array>,
  { wall, air, bed }: FoundContainer,
): ContainerMask {
  const [z, y, x] = smooth.shape;
  const valid = new Uint8Array(smooth.data.length);
  const radius = new Float32Array(valid.length);
  const inside = new Int32Array(z);
  const solid = air === undefined ? undefined : minFilter(smooth, 2).data;
  const gauge = wall && createGauge(wall.section);
  for (let k = 0, i = 0; k < z; k++) {
    const [cy, cx] = wall ? [onLine(wall.centreY, k), onLine(wall.centreX, k)] : [0, 0];
    const shiftY = bed ? Math.round(onLine(bed.shiftY, k)) : 0;
    const shiftX = bed ? Math.round(onLine(bed.shiftX, k)) : 0;
    for (let j = 0; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        const r = gauge ? gauge(j - cy, l - cx) : 0;
        radius[i] = r;
        if (wall && r >= wall.section.radius) continue;
        inside[k]!++;
        if (solid && !(solid[i]! > air!)) continue;
        const [bj, bl] = [j - shiftY, l - shiftX];
        const onBed = bed && bj >= 0 && bl >= 0 && bj < y && bl < x && bed.mask.data[bj * x + bl];
        if (!onBed) valid[i] = 1;
      }
    }
  }
  return { valid: { shape: smooth.shape, data: valid }, radius, inside };
}
