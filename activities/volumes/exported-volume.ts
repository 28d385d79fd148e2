import type { Placement } from "../../domain/volumes/affine.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";

/** What the writers of single files need to know. */
export interface ExportedVolume {
  readonly shape: Zyx;
  readonly dtype: Dtype;
  /** Micrometres per voxel of what is exported. */
  readonly voxelSizeUm: Zyx;
  /** What the source's header said; undefined when nobody knows. */
  readonly origin: JsonObject | undefined;
  /** Where the exported voxels lie among those of the source. */
  readonly placement: Placement;
  /** The planes in the order of z. */
  readonly planes: AsyncIterable<VoxelArray>;
  readonly signal: AbortSignal | undefined;
}
