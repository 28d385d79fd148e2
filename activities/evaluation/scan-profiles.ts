import type { Place } from "../../domain/localization/place.ts";
import { AXES } from "../../domain/volumes/shape.ts";
import type { ReportProfile } from "../report/report-model.ts";

/** One number per slice, the slices of an axis in order. */
type Profiles = readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];

/**
 * Profiles along z, y, x for people: slice i of a grid whose cells are `cell` voxels of the working
 * level wide, at its middle in voxels of level 0.
 */
export function scanProfiles(
  profiles: Profiles,
  cell: number,
  { level }: Pick<Place, "level">,
): readonly ReportProfile[] {
  const width = cell * 2 ** level;
  return AXES.map((axis) => {
    const values = Array.from(profiles[axis], (value) => Math.round(value * 1e4) / 1e4);
    return { axis, at: values.map((_, i) => (i + 0.5) * width), values };
  });
}
