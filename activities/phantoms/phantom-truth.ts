import type { PhantomPlan } from "../../domain/phantoms/plan-phantom.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";

/** What is known of one phantom on disk: its entry in `truth.json`. */
export interface PhantomTruth {
  readonly shape_zyx: Zyx;
  /** Half-open. */
  readonly box_zyx: Box;
  readonly voxelSizeUm: Zyx;
  readonly specimenVoxels: number;
  readonly preset: string;
  readonly size: number;
  readonly seed: number;
  /** Version of the simulation; another version gives other bytes for the same request. */
  readonly version: number;
  readonly plan: PhantomPlan;
}

/** Raise when the same request gives other bytes. The golden digest in the tests tells. */
export const PHANTOM_VERSION = 1;
