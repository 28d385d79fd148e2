import type {
  SortingDiagnostics,
  VolumeDisplacements,
} from "../../domain/pretexts/diagnose-sorting.ts";
import type { DirectionCheck } from "./check-directions.ts";
import type { ScanSplit } from "./plan-splits.ts";
import type { TrainedWithin } from "./train-within.ts";

/** How one scan's slices are sorted. Displacements are in positions. */
export interface SortedScan extends VolumeDisplacements {
  readonly slices: number;
  /** Not trained on. */
  readonly held: boolean;
  /** Its slices were given in reverse order. */
  readonly reversed: boolean;
  /** Kendall's τ-b of scores and positions. */
  readonly kendall: number;
  /** Which way the network says that the scan points as it is on disk; of one sign, the same way. */
  readonly direction: 1 | -1;
  /** With all but the specimen's box emptied, and with only that emptied; needs a known box. */
  readonly specimenOnly?: number;
  readonly backgroundOnly?: number;
}

/** What is measured on the way: mean displacements of the scans that are not trained on. */
export interface SortingPoint {
  readonly displacement: number;
  readonly directionFree: number;
}

/** What a split of `evaluate sorting` found. Plain JSON. */
export interface SortingSplitResult extends ScanSplit, Omit<TrainedWithin<SortingPoint>, "losses"> {
  readonly pretext: "sorting";
  /** Of the scans that are not trained on. */
  readonly validated: SortingDiagnostics;
  /** Of the others. */
  readonly trained: SortingDiagnostics;
  /** Means over the scans that are not trained on and whose box is known. */
  readonly specimenOnly?: number;
  readonly backgroundOnly?: number;
  /** Those that are not trained on first. */
  readonly scans: readonly SortedScan[];
  readonly directions: DirectionCheck;
  /** In words, of the scans that are not trained on. */
  readonly warnings: readonly string[];
}
