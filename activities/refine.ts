import type { ResolvedBatch } from "../schemas/batch.ts";
import {
  refineInput,
  type RefineInput,
  type RefineResult,
  type StageResult,
} from "../schemas/stages.ts";
import { readDocument } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { refineParts, refineScans } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parse = compile<RefineInput>(refineInput);

/** Learn what tells specimen from background, voxel by voxel, from the confident parts of all maps. */
export function createRefine(deps: StageDeps) {
  return async function refine(input: RefineInput): Promise<StageResult<RefineResult>> {
    const { batch, spec, scans } = parse(input);
    const { localize, pretrain } = await readDocument<ResolvedBatch>(deps.store, spec);
    const parameters = { steps: localize.refineSteps, seed: pretrain.seed };
    const used = refineScans(scans);
    return runStage<RefineResult>(deps, {
      subject: batch,
      parts: refineParts(used, parameters),
      job: "refine",
      input: (key) => ({ key, scans: used, ...parameters }),
    });
  };
}
