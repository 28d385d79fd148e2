import { fullBox, growBox, overlapVolume, boxVolume } from "../volumes/box.ts";
import type { Box, Zyx } from "../volumes/shape.ts";
import { boxMetrics } from "./box-metrics.ts";
import type { BoxMetrics } from "./box-metrics.ts";
import { lostOutside } from "./specimen-runs.ts";
import type { SpecimenRuns } from "./specimen-runs.ts";

/** What is known of a scan, in voxels of level 0. */
export interface KnownScan {
  readonly shape: Zyx;
  readonly truth: Box;
  readonly specimen?: SpecimenRuns;
}

/** How good the box of one scan is; shares are 0 to 1. */
export interface LocalizationScore extends BoxMetrics {
  /** No box: kept whole, and scored as the full volume. */
  readonly abstained: boolean;
  /** Share of the volume inside the box with its margin. */
  readonly keptWithMargin: number;
  /** The true box lies within the box with its margin. */
  readonly covered: boolean;
  /** Shares of the specimen's voxels outside the box, and outside of it with its margin. */
  readonly lost?: number;
  readonly lostWithMargin?: number;
}

/** Score a box, or none, against what is known; `margin` is per face, as `marginFor` has it. */
export function scoreLocalization(
  found: Box | undefined,
  { shape, truth, specimen }: KnownScan,
  margin: Box,
): LocalizationScore {
  const box = found ?? fullBox(shape);
  const grown = growBox(box, margin, shape);
  return {
    ...boxMetrics(box, truth, shape),
    abstained: found === undefined,
    keptWithMargin: boxVolume(grown) / boxVolume(fullBox(shape)),
    covered: overlapVolume(grown, truth) === boxVolume(truth),
    ...(specimen && {
      lost: lostOutside(specimen, box),
      lostWithMargin: lostOutside(specimen, grown),
    }),
  };
}
