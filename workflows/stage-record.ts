import type { StageRecord } from "../schemas/result.ts";
import type { StageResult } from "../schemas/stages.ts";

/** What a batch remembers of a stage, done in one or several activities. */
export function stageRecord(results: readonly StageResult<unknown>[]): StageRecord {
  return {
    key: results.map(({ key }) => key).join(","),
    reused: results.every(({ reused }) => reused),
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
