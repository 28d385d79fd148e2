import type { LocalizationScore } from "../../domain/metrics/localization-score.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import type { ReportImage, ReportProfile } from "../report/report-model.ts";
import type { LearnedLocalizer } from "./localization-request.ts";
import type { PretrainedAll } from "./pretrain-all.ts";

/** A scan's box by one way to find it, and how good it is. */
export interface LocatedScan {
  readonly scan: string;
  /** At level 0, without margin; absent: nothing was found, kept whole. */
  readonly box?: Box;
  readonly score: LocalizationScore;
}

/** One way to find boxes, on all scans with a known one. */
export interface LocatedBy {
  readonly name: string;
  /** Made from the known boxes. */
  readonly usesLabels: boolean;
  readonly scans: readonly LocatedScan[];
}

/** What was decided about one scan, as a batch would decide, and what it was decided by. */
export interface DecidedScan {
  readonly scan: string;
  readonly outcome: "cropped" | "kept-whole";
  readonly box?: Box;
  readonly confidence: number;
  readonly reasons: readonly string[];
  /** Along z, y, x, in voxels of level 0: the best evidence that there was. */
  readonly profiles: readonly ReportProfile[];
  /** Bytes of the whole scan and of the box with its margin, after the same lossless codec. */
  readonly bytes: { readonly whole: number; readonly kept: number };
}

/** All decisions of one run, their scores, and those of the parts that they are made from. */
export interface Decisions {
  readonly decided: LocatedBy;
  readonly parts: readonly LocatedBy[];
  readonly scans: readonly DecidedScan[];
}

/** What a scan looks like: for the figure. */
export interface PicturedScan {
  readonly scan: string;
  readonly shape: Zyx;
  readonly truth?: Box;
  readonly images: readonly ReportImage[];
}

/** What needs no training. Plain JSON. */
export interface BaselinesResult {
  readonly baselines: readonly LocatedBy[];
  /** The same decisions with the learning switched off: by the energy alone. */
  readonly plain: Decisions;
  readonly pictures: readonly PicturedScan[];
}

/** How the refinement network learned. */
export interface RefinedBy {
  readonly steps: number;
  readonly loss: number;
  /** Scans with voxels that are surely specimen. */
  readonly scans: number;
}

/** What one seed of a localizer found. Plain JSON. */
export interface LocalizedSeed extends Decisions, Omit<PretrainedAll, "losses"> {
  readonly localizer: LearnedLocalizer;
  readonly seed: number;
  readonly refined?: RefinedBy;
  /** Seconds of looking at all scans, without training. */
  readonly looking: number;
  readonly warnings: readonly string[];
}
