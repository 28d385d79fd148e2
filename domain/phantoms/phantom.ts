import type { Box, Grid, Mask, Zyx } from "../volumes/shape.ts";
import type { Face } from "./faces.ts";
import type { PhantomPlan } from "./plan-phantom.ts";

/** A simulated scan and everything that is known about it. All grids have the scan's shape. */
export interface Phantom {
  /** What the reconstruction gives: `SCAN_OFFSET + SCAN_GAIN·μ`, μ relative to water. */
  readonly scan: Grid<Uint16Array>;
  /** The tissue of all specimens, without bubbles, specks and staple. */
  readonly specimen: Mask;
  /** `ORGANS` per voxel; not 0 exactly where a specimen is. */
  readonly labels: Grid<Uint8Array>;
  /** The smallest box around each specimen, as far as it is in view. */
  readonly boxes: readonly Box[];
  /** The smallest box around all of them; absent where there is none. */
  readonly box?: Box;
  /** Faces of the scan that specimens reach. */
  readonly touches: readonly Face[];
  readonly specimenVoxels: number;
  readonly voxelSizeUm: Zyx;
  /** Everything that was drawn: poses, container, medium, acquisition. Plain JSON. */
  readonly plan: PhantomPlan;
}

/** How far a phantom is, 0 to 1. */
export interface PhantomProgress {
  readonly fraction: number;
}

/** Values of a label volume. Of a fish and an embryo up to 10, of a plant from 11. */
export const ORGANS = {
  background: 0,
  body: 1,
  spine: 2,
  eyes: 3,
  gut: 4,
  yolk: 5,
  brain: 6,
  heart: 7,
  liver: 8,
  somites: 9,
  limbs: 10,
  stem: 11,
  vessels: 12,
  leaves: 13,
  pith: 14,
  bud: 15,
} as const;

/** The grey value of air, μ = 0. Leaves room for noise and edge undershoot below it. */
export const SCAN_OFFSET = 9000;

/** Grey values per unit of μ: water is at 18000, and μ from −1 to 6.28 fits into 16 bits. */
export const SCAN_GAIN = 9000;

/** Width of every phantom's field of view. A 128³ phantom has voxels of 20 µm. */
export const FIELD_OF_VIEW_UM = 2560;
