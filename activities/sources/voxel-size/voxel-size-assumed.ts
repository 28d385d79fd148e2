import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import { AXIS_NAMES } from "../../../domain/volumes/shape.ts";

/**
 * The axes along which the size of voxels in a source's header is a guess of its reader, by what the
 * reader noted in `origin`: `voxelSizeAssumed` lists axes, `zAssumed` says that slices are taken to
 * be as far apart as pixels, `unitKnown: false` that a length without a unit is taken for
 * millimetres.
 */
export function assumedAxes(origin: JsonObject): readonly ("z" | "y" | "x")[] {
  if (origin["unitKnown"] === false) return AXIS_NAMES;
  const listed = origin["voxelSizeAssumed"];
  return AXIS_NAMES.filter(
    (axis) =>
      (Array.isArray(listed) && listed.includes(axis)) ||
      (axis === "z" && origin["zAssumed"] === true),
  );
}
