import type { Box } from "../../domain/volumes/shape.ts";
import type { SplitRequest } from "./evaluation-request.ts";
import type { FoundMask } from "./find-masks.ts";
import type { OpenScansRequest } from "./open-scans.ts";
import type { PretrainedAll } from "./pretrain-all.ts";

/** The localizers that are trained before they find anything. */
export type LearnedLocalizer = "windows" | "rotation" | "sorting";

/** The scans of an evaluation, and what is known of them. Plain JSON. */
export interface LocalizationScans {
  /** With levels, and truths for scoring. */
  readonly open: OpenScansRequest & { readonly levels: true };
  /** Masks of specimens, by scan. */
  readonly masks: Readonly<Record<string, FoundMask>>;
  /** Share of the axis that is added to every face. */
  readonly margin: number;
}

/** A pretraining on all scans, as a job gets it. */
export type PretrainRequest = Omit<SplitRequest, "split">;

/** One seed of one localizer, as a job gets it. */
export interface LocalizeRequest extends LocalizationScans {
  readonly localizer: LearnedLocalizer;
  readonly config: SplitRequest["config"];
  /** Steps of the refinement network; 0: none (windows). */
  readonly refineSteps: number;
  /** The pretrained encoder's file, and how its training went. */
  readonly encoder: string;
  readonly trained: PretrainedAll;
}

/** The box of a scan at level 0; undefined where it is kept whole. */
export type FoundBox = Box | undefined;
