import {
  reconcileInput,
  type ReconcileInput,
  type ReconcileResult,
  type StageResult,
} from "../schemas/stages.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<ReconcileInput>(reconcileInput);
const VERSION = 2;

/** Make one box and its margin out of the three axes, with a confidence, or abstain and say why. */
export function createReconcile(deps: StageDeps) {
  return async function reconcile(input: ReconcileInput): Promise<StageResult<ReconcileResult>> {
    const { scan, spec, prepared, profiles, refined, encoder, byHand } = parse(input);
    const { localize } = (await readScan(deps.store, spec, scan)).batch;
    const method = encoder === undefined ? "energy" : localize.method;
    return runStage<ReconcileResult>(deps, {
      subject: scan,
      parts: {
        stage: "reconcile",
        version: VERSION,
        parameters: {
          method,
          threshold: localize.threshold,
          score: localize.score,
          margin: localize.margin,
          minConfidence: localize.minConfidence,
          byHand: byHand ?? null,
        },
        inputs: {
          ...{ volume: prepared.volume.digest, view: prepared.view.key, profiles },
          ...(refined === undefined ? {} : { refined }),
        },
      },
      job: "reconcile",
      input: (key) => ({ key, prepared, profiles, refined, method, localize, byHand, encoder }),
    });
  };
}
