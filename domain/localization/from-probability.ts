import { boundingBox } from "../volumes/bounding-box.ts";
import { mapAxes } from "../volumes/box.ts";
import { largestComponent } from "../volumes/components.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { interpolate } from "../volumes/interpolate.ts";
import { quantile } from "../volumes/median.ts";
import type { Box, Grid, Mask, Zyx } from "../volumes/shape.ts";
import { placeBox } from "./place.ts";
import type { Place } from "./place.ts";
import type { View } from "./view.ts";

/** What a refinement network's probability says about where the specimen is. */
export interface ProbabilityLocalization {
  /** At level 0; undefined when nothing is probable. */
  readonly box: Box | undefined;
  /** In voxels of the working level. */
  readonly mask: Mask;
  /** The network is sure of enough of the scan, in one place: not so in an empty tube. */
  readonly clear: boolean;
}

/** What is specimen has this share of the scan's peak; of the axis by so much, the faces go out to … */
const SURE = 0.86;
const REACH = 0.008;
/** … where it has this share. */
const LIKELY = 0.75;
/**
 * Where less than 3 % of a view is specimen, or nothing at all, its 97th percentile is that of
 * chance. In eight empty tubes among faint specimens it was 0.16 to 0.83, in the specimens' 0.82 on.
 */
const LEAST_PEAK = 0.76;
/** What chance makes probable is scattered: 0.35 and 0.37 of it hung together, 0.66 on of specimens. */
const LEAST_TOGETHER = 0.5;

/**
 * From a refinement network's probability of specimen (per voxel of the view, 0 to 1) to a box at
 * level 0: blurred a little, the largest piece above 0.86 of the peak; each face then moves outwards
 * to where the piece above 0.75 of the peak ends, by 0.8 % of the axis at most.
 *
 * The peak is the scan's own: the fainter a specimen, the less sure the network is of all of it,
 * and one cut for all scans loses parts of the faint ones. Training weighs specimen and background
 * equally although background is far more, which moves the useful cut up. What was measured is in
 * docs/decisions/0010-refinement.md.
 */
export function localizeFromProbability(
  probability: Grid<Float32Array>,
  view: View,
  place: Place,
): ProbabilityLocalization {
  const { valid, bin } = view;
  const masked = probability.data.map((p, i) => p * valid.data[i]!);
  const shape = valid.shape.map((n) => n * bin) as unknown as Zyx;
  const origin = 0.5 / bin - 0.5;
  const fine = interpolate(
    gaussian({ shape: valid.shape, data: masked }, 0.7),
    shape,
    [origin, origin, origin],
    [1 / bin, 1 / bin, 1 / bin],
  );
  const looked = masked.filter((_, i) => valid.data[i] === 1);
  const peak = looked.length === 0 ? 0 : quantile(looked, 0.97);
  const scale = Math.max(peak, LEAST_PEAK);
  const above = (share: number): Mask => ({
    shape,
    data: Uint8Array.from(fine.data, (p) => +(p > share * scale)),
  });
  const all = above(SURE);
  const mask = largestComponent(all);
  const sure = boundingBox(mask);
  if (sure === undefined) return { box: undefined, mask, clear: false };
  const likely = boundingBox(largestComponent(above(LIKELY)))!;
  const box = mapAxes((axis) => {
    const reach = Math.round(REACH * shape[axis]);
    const [lo, hi] = sure[axis];
    return [
      Math.max(lo - reach, Math.min(lo, likely[axis][0])),
      Math.min(hi + reach, Math.max(hi, likely[axis][1])),
    ] as const;
  });
  return {
    box: placeBox(box, shape, 1, place),
    mask,
    clear: peak >= LEAST_PEAK && count(mask) >= LEAST_TOGETHER * count(all),
  };
}

function count({ data }: Mask): number {
  return data.reduce((sum, v) => sum + v, 0);
}
