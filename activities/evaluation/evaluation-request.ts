import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { OpenScansRequest } from "./open-scans.ts";
import type { ScanSplit } from "./plan-splits.ts";

/** How long to train. */
export interface TrainingBudget {
  /**
   * Seconds of training, set-up included, measuring not: a few steps are timed, and the schedule is
   * laid out for as many as fit.
   */
  readonly seconds?: number;
  /** Exactly so many steps instead, which is what repeats a training to the bit. */
  readonly steps?: number;
}

/** One split of an evaluation, as a job gets it. Plain JSON. */
export interface SplitRequest {
  readonly open: OpenScansRequest;
  readonly split: ScanSplit;
  /** All but its steps, which follow from the budget. */
  readonly config: Omit<PretrainConfig, "steps">;
  readonly budget: TrainingBudget;
  /** A published encoder to start from: the path of its file. */
  readonly warmStart?: string;
  /** Where to write the encoder. */
  readonly encoder: string;
}
