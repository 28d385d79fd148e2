import { median, robustSd } from "../../volumes/median.ts";
import type { Grid, Mask } from "../../volumes/shape.ts";
import type { Line } from "./line.ts";
import { onLine } from "./line.ts";
import type { Gauge } from "./section.ts";

export interface InnerFaceSearch {
  readonly centreY: Line;
  readonly centreX: Line;
  readonly gauge: Gauge;
  /** Size of the container by that gauge: what lies within .5 to .8 of it is taken for medium. */
  readonly radius: number;
  /** Where to begin: within the wall. */
  readonly from: number;
  /** Difference of grey levels that a wall or air makes, to tell what is small. */
  readonly contrast: (medium: number) => number;
  /**
   * Compare with what is a few voxels further in instead: where the specimen or an uneven beam
   * shifts the medians from one distance to the next. @default false
   */
  readonly nearby?: boolean;
}

/** Where the medium begins, by the gauge, and what it looks like in grey levels. */
export interface InnerFace {
  readonly at: number;
  readonly medium: number;
  /** Of the medians at one distance. */
  readonly spread: number;
}

/**
 * Walk inwards from the wall while the median grey level at that distance differs from the
 * medium's, and return where it no longer does, less a voxel for the wall's blurred edge.
 * Only voxels of `solid` count.
 */
export function findInnerFace(level: Grid, solid: Mask, search: InnerFaceSearch): InnerFace {
  const { radius, from, contrast, nearby = false } = search;
  const profile = gaugeMedians(level, solid, search, Math.floor(radius) + 2);
  const plateau = profile.slice(Math.floor(0.5 * radius), Math.floor(0.8 * radius));
  const medium = median(plateau);
  // The floor keeps a plateau that is smooth by luck from turning noise into wall; as measured it
  // was .6 grey levels where medium and air are about 75 apart.
  const sd = robustSd(plateau, medium) + 0.008 * contrast(medium);
  let r = Math.floor(from) - 1;
  if (nearby) {
    // A thick wall is even, too: medium is at least halfway from it to the plateau.
    const halfway = 0.5 * Math.abs(profile[r]! - medium);
    const even = (at: number) =>
      Math.abs(profile[at]! - median(profile.slice(at - 5, at - 1))) <= 0.05 * contrast(medium);
    while (r > 0.6 * radius && !(Math.abs(profile[r]! - medium) <= halfway && even(r))) r--;
    return { at: r - 1, medium: median(profile.slice(r - 4, r + 1)), spread: sd };
  }
  while (r > 0.75 * radius && !(Math.abs(profile[r]! - medium) <= 4 * sd)) r--;
  return { at: r - 1, medium, spread: sd };
}

function gaugeMedians(
  { shape: [z, y, x], data }: Grid,
  solid: Mask,
  { centreY, centreX, gauge }: InnerFaceSearch,
  count: number,
): number[] {
  const rings: number[][] = Array.from({ length: count }, () => []);
  for (let k = 0, i = 0; k < z; k++) {
    const [cy, cx] = [onLine(centreY, k), onLine(centreX, k)];
    for (let j = 0; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if (solid.data[i] === 0) continue;
        const r = Math.floor(gauge(j - cy, l - cx));
        if (r >= 0 && r < count) rings[r]!.push(data[i]!);
      }
    }
  }
  return rings.map((ring) => median(ring));
}
