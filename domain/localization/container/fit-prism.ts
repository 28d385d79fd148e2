import { median } from "../../volumes/median.ts";
import type { Mask } from "../../volumes/shape.ts";
import type { Disc } from "./discs.ts";
import { fitLine, onLine } from "./line.ts";
import type { Line } from "./line.ts";

/** A straight stack of equal outlines; lengths in voxels. */
export interface PrismFit {
  readonly centreY: Line;
  readonly centreX: Line;
  /** Of the disc with the same area. */
  readonly radius: number;
  /** The slices that show the outline. */
  readonly slices: readonly Disc[];
}

/**
 * Fit a prism along z, of whatever outline, to what is not air, holes filled; or say in words why
 * there is none. Most slices must have one area, and their centres lie on a straight line.
 */
export function fitPrism([z, y, x]: Mask["shape"], discs: readonly Disc[]): PrismFit | string {
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
  const centreY = fitLine(equal.map((d) => [d.z, d.y]));
  const centreX = fitLine(equal.map((d) => [d.z, d.x]));
  const off = median(
    equal.map((d) => Math.hypot(d.y - onLine(centreY, d.z), d.x - onLine(centreX, d.z))),
  );
  if (off > tolerance) {
    return `The outline's centre does not follow a straight line along z: it is ${off.toFixed(1)} voxels off in the median`;
  }
  return { centreY, centreX, radius: typical, slices: equal };
}
