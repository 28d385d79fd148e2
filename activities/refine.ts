import type { ResolvedBatch } from "../schemas/batch.ts";
import {
  refineInput,
  type RefineInput,
  type RefineResult,
  type StageResult,
} from "../schemas/stages.ts";
import { readDocument } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<RefineInput>(refineInput);
const VERSION = 1;

/** More scans teach no more, and all of them are in memory at once. */
const MOST = 64;

/** Learn what tells specimen from background, voxel by voxel, from the confident parts of all maps. */
export function createRefine(deps: StageDeps) {
  return async function refine(input: RefineInput): Promise<StageResult<RefineResult>> {
    const { batch, spec, scans } = parse(input);
    const { localize, pretrain } = await readDocument<ResolvedBatch>(deps.store, spec);
    const parameters = { steps: localize.refineSteps, seed: pretrain.seed };
    // By key, for the order in which scans are ready is chance.
    const sorted = scans.toSorted((a, b) => (a.view.key < b.view.key ? -1 : 1));
    const place = (i: number) => Math.floor((i * MOST) / sorted.length);
    const used = sorted.filter((_, i) => place(i) !== place(i - 1));
    return runStage<RefineResult>(deps, {
      subject: batch,
      parts: {
        stage: "refine",
        version: VERSION,
        parameters,
        inputs: {
          views: used.map(({ view }) => view.key),
          profiles: used.flatMap(({ profiles }) => profiles),
        },
      },
      job: "refine",
      input: (key) => ({ key, scans: used, ...parameters }),
    });
  };
}
