import type { Zyx } from "../volumes/shape.ts";
import type { Tissue } from "./tissue.ts";

/** A specimen where it lies. Places in voxels of the scan, also beyond it. */
export interface Specimen {
  /** Points on its outside, for finding room: `[n][z, y, x]`. */
  readonly skin: readonly Zyx[];
  /** Distance below its outside in voxels, to first order; negative outside, −∞ far away. */
  readonly depth: (z: number, y: number, x: number) => number;
  /** What it is at a place that is not far outside. Overwrites `tissue`. */
  readonly tissue: (z: number, y: number, x: number, tissue: Tissue) => void;
}
