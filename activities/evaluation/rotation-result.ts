import type { RotationDiagnostics } from "../../domain/pretexts/diagnose-rotation.ts";
import type { Validation } from "../../domain/training/fit-state.ts";
import type { ScanSplit } from "./plan-splits.ts";
import type { TrainedWithin } from "./train-within.ts";

/** How well angles are told: accuracy (chance is 1/7), angular error in degrees, loss (chance is ln 7). */
export type ToldAngles = Required<Pick<Validation, "loss" | "accuracy" | "angularError">>;

/** The same for one scan. */
export interface TurnedScan extends ToldAngles {
  readonly id: string;
  /** Not trained on. */
  readonly held: boolean;
  readonly container: string;
}

/** What a split of `evaluate rotation` found. Plain JSON. */
export interface RotationSplitResult extends ScanSplit, Omit<TrainedWithin<ToldAngles>, "losses"> {
  readonly pretext: "rotation";
  readonly view: "windows" | "slices";
  /** Loss and accuracy of guessing. */
  readonly chance: { readonly loss: number; readonly accuracy: number };
  /** The first step by which the mean of the last 100 losses was 0.05 below chance; absent: never. */
  readonly leftChance?: number;
  /** Training stopped because it was at chance. */
  readonly plateau: boolean;
  /** Mean over the scans that are not trained on, of pairs drawn as in training, in inference. */
  readonly validated: ToldAngles;
  /** Of the others. */
  readonly trained: ToldAngles;
  /** Those that are not trained on first. */
  readonly scans: readonly TurnedScan[];
  /** What angles are told by, where held-out scans show specimen and background. */
  readonly diagnostics?: RotationDiagnostics;
  /** In words. */
  readonly warnings: readonly string[];
}
