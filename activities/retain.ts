import { retainInput, type RetainInput, type RetainResult } from "../schemas/retention.ts";
import { runJob, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<RetainInput>(retainInput);

/** Once a batch has settled: move the whole volumes of its cropped scans aside, if it asks for that. */
export function createRetain(deps: StageDeps) {
  return async function retain(input: RetainInput): Promise<RetainResult> {
    const { batch, days } = parse(input);
    return runJob<RetainResult>(deps, {
      stage: "retain",
      subject: batch,
      job: "retain",
      input: { batch, days, now: deps.now().toISOString() },
    });
  };
}
