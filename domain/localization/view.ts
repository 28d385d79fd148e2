import type { Grid, Mask } from "../volumes/shape.ts";

/**
 * What localization looks at: the working level of a volume with its container suppressed, binned,
 * and scaled to units of its own spread, clipped to [-4, 6].
 */
export interface View {
  /** Float32, `[z, y, x]`. Outside `valid`: synthetic noise like the medium, so that the rim is no cue. */
  readonly values: Grid<Float32Array>;
  /** 1 where specimen or medium can be; 0 for wall, air outside, bubbles, empty slices. */
  readonly valid: Mask;
  /** Voxels of the working level per voxel of the view, the same along each axis (usually 2). */
  readonly bin: number;
}

/** Window-wise certainty along one axis: one number per grid point, low where there is only background. */
export interface CertaintyMap {
  /** `[gz, gy, gx]` values; point (i,j,k) sits at view voxel `offset + stride·(i,j,k)`. */
  readonly values: Grid<Float32Array>;
  readonly offset: number;
  readonly stride: number;
}
