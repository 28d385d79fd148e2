import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import { describeIntensity } from "./describe-intensity.ts";
import { describeOrientation } from "./describe-orientation.ts";

/**
 * What a volume's document records of how its source lies in space and what its values measure, as
 * far as the source says it.
 *
 * @param voxelSizeFrom who says how large voxels are: `file`, `user` or `unknown`
 */
export function sourceProvenance(
  origin: JsonObject,
  voxelSizeUm: Zyx,
  voxelSizeFrom: string,
): JsonObject {
  const orientation = describeOrientation(origin, voxelSizeUm);
  const intensity = describeIntensity(origin);
  return {
    voxelSizeFrom,
    ...(orientation && { orientation: { ...orientation } }),
    ...(intensity && { intensity: { ...intensity } }),
  };
}
