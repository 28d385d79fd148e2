import type { ShortcutReport } from "../../schemas/campaign.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import type { BatchOutcome, Failure, ScanOutcome } from "../../schemas/result.ts";
import type { Storage } from "./storage.ts";

/** Everything a report shows, as plain JSON: images are data URIs, boxes voxels of level 0. */
export interface ReportModel {
  readonly batch: string;
  readonly outcome: BatchOutcome;
  /** What the batch as a whole decided, in words. */
  readonly note?: string;
  /** When the report was made, ISO 8601; the only thing in it that two makings do not share. */
  readonly madeAt?: string;
  /** Where calibrated margins come from, in words, and whether their guarantee is gone. */
  readonly margins?: readonly { readonly text: string; readonly drifted: boolean }[];
  readonly scans: readonly ReportScan[];
  readonly learning?: ReportLearning;
  readonly segmentation?: ReportSegmentation;
  /** What could not be read, in words: a report with holes says so. */
  readonly gaps: readonly string[];
}

export interface ReportScan {
  readonly scan: string;
  /** Undefined while the batch runs. */
  readonly outcome?: ScanOutcome;
  readonly stage?: string;
  readonly failure?: Failure;
  readonly reasons: readonly string[];
  readonly confidence?: number;
  readonly keptFraction?: number;
  readonly box?: Box;
  readonly margin?: Box;
  readonly shape?: Zyx;
  readonly voxelSizeUm?: Zyx;
  /** What was found around the specimen: `tube: Round tube of …`, `none: …`. */
  readonly container?: string;
  /** Slices of the working level with what was masked of the container in orange. */
  readonly masked?: readonly ReportImage[];
  readonly truth?: ReportTruth;
  readonly images: readonly ReportImage[];
  readonly profiles: readonly ReportProfile[];
  readonly stages: readonly ReportStage[];
  /** Bytes in the store of level 0 of the volume and of the crop. */
  readonly volumeBytes?: number;
  readonly cropBytes?: number;
  /** The same in voxels and objects, whole and cropped; of cropped scans. */
  readonly storage?: Storage;
  /** Where the whole volume is, in words, where it is not simply kept. */
  readonly shell?: string;
  readonly volumeUrl?: string;
  readonly cropUrl?: string;
  /** Voxels per class where a segmentation was applied. */
  readonly voxels?: Readonly<Record<string, number>>;
  readonly gaps: readonly string[];
}

/** How the result compares with what is known; the truth was never seen by anything that learns. */
export interface ReportTruth {
  readonly box?: Box;
  /** Mean absolute error over the six faces, in voxels and as a share of the axis. */
  readonly maePx?: number;
  readonly relAxis?: number;
  /** Share of the specimen's voxels outside the crop, 0 to 1, and how many that are. */
  readonly lostFraction?: number;
  readonly lostVoxels?: number;
}

/** A maximum projection along one axis. */
export interface ReportImage {
  readonly axis: 0 | 1 | 2;
  /** PNG as a data URI. */
  readonly uri: string;
  /** The voxels of the axis that it shows; without, all of them. */
  readonly through?: readonly [lo: number, hi: number];
}

/** A certainty profile: `values[i]` belongs to the slice at voxel `at[i]` of the axis. */
export interface ReportProfile {
  readonly axis: 0 | 1 | 2;
  readonly at: readonly number[];
  readonly values: readonly number[];
}

export interface ReportStage {
  readonly stage: string;
  readonly seconds: number;
  readonly reused: boolean;
}

/** How the encoder of the batch learned. */
export interface ReportLearning {
  readonly pretext: string;
  readonly encoder: string;
  readonly view: string;
  readonly key: string;
  readonly steps: readonly number[];
  readonly loss: readonly number[];
  /** Share of right answers in training. */
  readonly accuracy?: readonly number[];
  /** The loss of guessing, where it is known. */
  readonly chance?: number;
  /** Whether the pretext was solved by the container. */
  readonly shortcut?: ShortcutReport;
}

/** What the segmentation model that was applied measured when it was trained. */
export interface ReportSegmentation {
  readonly model: string;
  readonly meanIou: number;
  readonly iou: Readonly<Record<string, number>>;
  readonly measuredOn: readonly string[];
  /** False: no scan was held out, the numbers are of the training scans. */
  readonly heldOut: boolean;
}
