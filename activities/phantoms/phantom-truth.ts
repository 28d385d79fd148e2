import type { Face } from "../../domain/phantoms/faces.ts";
import type { PhantomRequest } from "../../domain/phantoms/phantom-request.ts";
import type { PhantomPlan } from "../../domain/phantoms/plan-phantom.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";

/** What is known of one phantom on disk: its entry in `truth.json`. */
export interface PhantomTruth extends Required<PhantomRequest> {
  readonly shape_zyx: Zyx;
  /** The box of each specimen, half-open, as far as it is in view. */
  readonly specimens: readonly Box[];
  /** The box of all of them, half-open; absent where there is none. */
  readonly box_zyx?: Box;
  /** Faces of the scan that specimens reach. */
  readonly touches: readonly Face[];
  readonly voxelSizeUm: Zyx;
  readonly specimenVoxels: number;
  /** Version of the simulation; another version gives other bytes for the same request. */
  readonly version: number;
  readonly plan: PhantomPlan;
}

/** Raise when the same request gives other bytes. The golden digest in the tests tells. */
export const PHANTOM_VERSION = 1;
