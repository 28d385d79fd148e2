import type { Dtype, Zyx } from "../../domain/volumes/shape.ts";
import type { Region } from "./voxel-memory.ts";

/** A dense grid of voxels in memory that threads share, or in memory of one thread. */
export interface Slab extends Region {
  readonly shape: Zyx;
  readonly dtype: Dtype;
}
