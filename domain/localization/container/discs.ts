import type { Mask } from "../../volumes/shape.ts";

/** What a slice of a mask looks like, compared with a disc. Lengths in voxels. */
export interface Disc {
  readonly z: number;
  readonly y: number;
  readonly x: number;
  readonly area: number;
  /** Of the disc with the same area. */
  readonly radius: number;
  /** Intersection over union with that disc, 0 to 1. */
  readonly roundness: number;
}

/** One per slice that is not empty. */
export function discsOf({ shape: [z, y, x], data }: Mask): Disc[] {
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

/** How much of the discs' inside, up to `radius`, is in the mask; 0 to 1. */
export function fullness(
  { shape: [, y, x], data }: Mask,
  discs: readonly Disc[],
  radius: number,
): number {
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
