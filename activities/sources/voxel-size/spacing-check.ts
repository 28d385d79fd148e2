import { CorruptData } from "../../../domain/errors.ts";
import type { SourceSpec } from "../source.ts";

/**
 * `CorruptData` for a distance between voxels that is none (zero, negative, NaN), unless the user
 * says that the file is wrong (`voxelSizeOverrides`).
 *
 * @param bad what the file has, in words; undefined when all is well
 */
export function checkSpacing(
  bad: string | undefined,
  { voxelSizeOverrides }: Pick<SourceSpec, "voxelSizeOverrides">,
  subject: string,
): void {
  if (bad === undefined || voxelSizeOverrides === true) return;
  throw new CorruptData(
    `${subject} has ${bad}, expected more than 0; give voxelSizeUm and set voxelSizeOverrides if the voxels are fine`,
  );
}
