import { keys } from "../schemas/names.ts";
import { runJob, type StageDeps } from "./stage/run-stage.ts";

/** Write the batch's self-contained HTML report into the store; it can be written again at any time. */
export function createWriteReport(deps: StageDeps) {
  return async function writeReport({ batch }: { batch: string }): Promise<{ report: string }> {
    await runJob(deps, { stage: "report", subject: batch, job: "report", input: { batch } });
    return { report: keys.report(batch) };
  };
}
