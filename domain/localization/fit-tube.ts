import { fillHoles } from "../volumes/fill-holes.ts";
import { median } from "../volumes/median.ts";
import type { Mask } from "../volumes/shape.ts";
import { fitLine, onLine } from "./line.ts";
import type { Line } from "./line.ts";

/** A straight stack of equal discs; lengths in voxels. */
export interface TubeFit {
  readonly centreY: Line;
  readonly centreX: Line;
  readonly radius: number;
  /** Slices that show the disc. */
  readonly slices: number;
}

/**
 * Fit a round tube along z to what is not air, or say in words why there is none: most slices,
 * holes filled, must be discs of one radius along a straight line, and mostly full.
 */
export function fitTube(solid: Mask): TubeFit | string {
  const [z, y, x] = solid.shape;
  const discs = discsOf(fillHoles(solid));
  const large = discs.filter((d) => d.area >= 0.15 * y * x);
  if (large.length < 0.6 * z) {
    return `Something larger than 15 % of the slice is in ${large.length} of ${z} slices only; a tube would be in 60 % or more`;
  }
  const typical = median(large.map((d) => d.radius));
  const tolerance = Math.max(2, 0.03 * typical);
  const equal = large.filter((d) => Math.abs(d.radius - typical) < tolerance);
  if (equal.length < 0.6 * z) {
    return `The outline changes size along z: only ${equal.length} of ${z} slices have the radius ${typical.toFixed(1)} +- ${tolerance.toFixed(1)} voxels`;
  }
  const round = median(equal.map((d) => d.roundness));
  if (round < 0.93) {
    return `The outline is not round: it shares ${(100 * round).toFixed(0)} % with the disc of equal area, a tube 93 % or more`;
  }
  const centreY = fitLine(equal.map((d) => [d.z, d.y]));
  const centreX = fitLine(equal.map((d) => [d.z, d.x]));
  const off = median(
    equal.map((d) => Math.hypot(d.y - onLine(centreY, d.z), d.x - onLine(centreX, d.z))),
  );
  if (off > tolerance) {
    return `The outline's centre does not follow a straight line along z: it is ${off.toFixed(1)} voxels off in the median`;
  }
  const full = fullness(solid, equal, 0.85 * typical);
  if (full < 0.5) {
    return `A round outline of radius ${typical.toFixed(1)} voxels was found, but ${(100 * (1 - full)).toFixed(0)} % of its inside is as dark as the air around it: no medium to compare with`;
  }
  return { centreY, centreX, radius: typical, slices: equal.length };
}

interface Disc {
  readonly z: number;
  readonly y: number;
  readonly x: number;
  readonly area: number;
  /** Of the disc with the same area. */
  readonly radius: number;
  /** Intersection over union with that disc, 0 to 1. */
  readonly roundness: number;
}

function discsOf({ shape: [z, y, x], data }: Mask): Disc[] {
  const discs: Disc[] = [];
  for (let k = 0; k < z; k++) {
    let [area, sumY, sumX] = [0, 0, 0];
    for (let j = 0, i = k * y * x; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if (data[i] === 0) continue;
        area++;
        sumY += j;
        sumX += l;
      }
    }
    if (area === 0) continue;
    const [cy, cx, radius] = [sumY / area, sumX / area, Math.sqrt(area / Math.PI)];
    let [shared, disc] = [0, 0];
    for (let j = 0, i = k * y * x; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if ((j - cy) ** 2 + (l - cx) ** 2 >= radius * radius) continue;
        disc++;
        shared += data[i]!;
      }
    }
    discs.push({ z: k, y: cy, x: cx, area, radius, roundness: shared / (disc + area - shared) });
  }
  return discs;
}

/** How much of the discs' inside, up to `radius`, is not air. */
function fullness({ shape: [, y, x], data }: Mask, discs: readonly Disc[], radius: number): number {
  let [inside, full] = [0, 0];
  for (const disc of discs) {
    for (let j = 0, i = disc.z * y * x; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if ((j - disc.y) ** 2 + (l - disc.x) ** 2 >= radius * radius) continue;
        inside++;
        full += data[i]!;
      }
    }
  }
  return inside === 0 ? 0 : full / inside;
}
