import type { Stage } from "../schemas/names.ts";
import type { Failure, StageRecord } from "../schemas/result.ts";

/** How one child of a batch ended: with a value, or with the stage that failed and why. */
export type ScanRun<T> =
  | {
      readonly ok: true;
      readonly stages: Partial<Record<Stage, StageRecord>>;
      readonly value: T;
    }
  | {
      readonly ok: false;
      readonly stages: Partial<Record<Stage, StageRecord>>;
      readonly stage: Stage;
      readonly failure: Failure;
    };
