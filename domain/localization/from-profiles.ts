import { mapAxes } from "../volumes/box.ts";
import { AXIS_NAMES } from "../volumes/shape.ts";
import type { Box, Zyx } from "../volumes/shape.ts";
import { placeBox } from "./place.ts";
import type { Place } from "./place.ts";
import { profileInterval } from "./profile.ts";

/** Certainty per slice along one axis: `values[i]` belongs to slice `offset + stride·i` of the view. */
export interface CertaintyProfile {
  readonly values: ArrayLike<number>;
  readonly offset: number;
  readonly stride: number;
}

/** Which slices hold specimen, axis by axis. */
export interface ProfileLocalization {
  /** At level 0; undefined when no axis shows two classes. */
  readonly box: Box | undefined;
  /** Smallest separation (d') over the axes that were used. */
  readonly contrast: number;
  /** Axes without contrast, which are kept in full. */
  readonly flat: readonly (typeof AXIS_NAMES)[number][];
}

/**
 * The box whose sides are the intervals of three certainty profiles (whole-slice scores, or
 * quantiles of a map). An axis whose profile is flat is kept in full and named.
 */
export function localizeFromProfiles(
  profiles: readonly [z: CertaintyProfile, y: CertaintyProfile, x: CertaintyProfile],
  view: { readonly shape: Zyx; readonly bin: number },
  place: Place,
  rule: "otsu" | "midpoint" = "otsu",
): ProfileLocalization {
  const found = profiles.map((profile) => profileInterval(profile.values, rule));
  const flat = AXIS_NAMES.filter((_, axis) => found[axis]!.interval === undefined);
  if (flat.length === 3) return { box: undefined, contrast: 0, flat };
  const box = mapAxes((axis) => {
    const { interval } = found[axis]!;
    const { values, offset, stride } = profiles[axis];
    const n = view.shape[axis];
    if (interval === undefined) return [0, n];
    // A sample's neighbourhood reaches half a stride to both sides.
    const at = (i: number) => offset + 0.5 + (i - 0.5) * stride;
    const lo = interval[0] <= 0 ? 0 : Math.floor(at(interval[0]));
    const hi = interval[1] >= values.length ? n : Math.ceil(at(interval[1]));
    return [Math.min(Math.max(lo, 0), n - 1), Math.max(Math.min(hi, n), lo + 1)];
  });
  const separations = found.filter((f) => f.interval !== undefined).map((f) => f.separation);
  return {
    box: placeBox(box, view.shape, view.bin, place),
    contrast: Math.min(...separations),
    flat,
  };
}
