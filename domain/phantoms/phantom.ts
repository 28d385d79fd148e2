import type { Box, Grid, Mask, Zyx } from "../volumes/shape.ts";
import type { PhantomPlan } from "./plan-phantom.ts";

/** A simulated scan and everything that is known about it. All grids have the scan's shape. */
export interface Phantom {
  /** What the reconstruction gives: `SCAN_OFFSET + SCAN_GAIN·μ`, μ relative to water. */
  readonly scan: Grid<Uint16Array>;
  /** The animal's tissue, without bubbles and specks. */
  readonly specimen: Mask;
  /** `ORGANS` per voxel; not 0 exactly where the specimen is. */
  readonly labels: Grid<Uint8Array>;
  /** The smallest box around the specimen. */
  readonly box: Box;
  readonly specimenVoxels: number;
  readonly voxelSizeUm: Zyx;
  /** Everything that was drawn: pose, tube, medium, acquisition. Plain JSON. */
  readonly plan: PhantomPlan;
}

/** How far a phantom is, 0 to 1. */
export interface PhantomProgress {
  readonly fraction: number;
}

/** Values of a label volume. */
export const ORGANS = {
  background: 0,
  body: 1,
  spine: 2,
  eyes: 3,
  gut: 4,
  yolk: 5,
  brain: 6,
} as const;

/** The grey value of air, μ = 0. Leaves room for noise and edge undershoot below it. */
export const SCAN_OFFSET = 9000;

/** Grey values per unit of μ: water is at 18000, and μ from −1 to 6.28 fits into 16 bits. */
export const SCAN_GAIN = 9000;

/** Width of every phantom's field of view. A 128³ phantom has voxels of 20 µm. */
export const FIELD_OF_VIEW_UM = 2560;
