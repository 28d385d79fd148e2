import type { Stage } from "../../schemas/names.ts";
import type { PartChange } from "./diff-parts.ts";

/** `fail`: it cannot be done as asked; `unknown`: its key depends on a result that is not there yet. */
export type Decision = "reuse" | "run" | "unknown" | "fail";

/** What a stage will take, from what is known of past runs. */
export interface Estimate {
  readonly seconds: number;
  /** In the store. */
  readonly bytes: number;
  /** How many past runs this is the median of; 1 where it is this scan's own nearest result. */
  readonly runs: number;
}

/** What would be done about one stage of one scan, and why. */
export interface PlanStep {
  /** Absent where the stage is of the batch as a whole. */
  readonly scan?: string;
  readonly stage: Stage;
  /** Which of several: an axis, the labels, or the network that is learned. */
  readonly part?: "z" | "y" | "x" | "labels" | "network";
  readonly decision: Decision;
  readonly key?: string;
  readonly reason: string;
  /** The reason without what only this scan has, so that equal reasons can be counted. */
  readonly summary: string;
  /** How the key differs from the nearest earlier one; none where there is no earlier one. */
  readonly changes?: readonly PartChange[];
  /** The nearest earlier result. */
  readonly nearest?: string;
  /** Absent where nothing is to be done, and where no past run tells. */
  readonly estimate?: Estimate;
}

/** What submitting a batch would do. */
export interface PlannedBatch {
  readonly batch: string;
  readonly scans: number;
  readonly steps: readonly PlanStep[];
  /** What was decided about the batch as a whole, and where the search for past runs was cut short. */
  readonly notes: readonly string[];
}
