import {
  reconcileInput,
  type ReconcileInput,
  type ReconcileResult,
  type StageResult,
} from "../schemas/stages.ts";
import type { KeyParts } from "../schemas/manifest.ts";
import type { ReconcileJob } from "./jobs/reconcile.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<ReconcileInput>(reconcileInput);
const VERSION = 2;

/** Make one box and its margin out of the three axes, with a confidence, or abstain and say why. */
export function createReconcile(deps: StageDeps) {
  return async function reconcile(input: ReconcileInput): Promise<StageResult<ReconcileResult>> {
    const { scan, spec, prepared, profiles, refined, encoder, byHand, calibration } = parse(input);
    const { localize, downscale } = (await readScan(deps.store, spec, scan)).batch;
    const method = encoder === undefined ? "energy" : localize.method;
    // A specification that was stored before there was a risk has none.
    const { risk = 0.1 } = localize;
    const conformal = localize.margin === "conformal" && byHand === undefined;
    const parts: KeyParts = {
      stage: "reconcile",
      version: VERSION,
      parameters: {
        method,
        threshold: localize.threshold,
        score: localize.score,
        margin: localize.margin,
        minConfidence: localize.minConfidence,
        byHand: byHand ?? null,
        ...(conformal ? { risk } : {}),
      },
      inputs: {
        ...{ volume: prepared.volume.digest, view: prepared.view.key, profiles },
        ...(refined === undefined ? {} : { refined }),
        ...(conformal && calibration !== undefined ? { calibration } : {}),
      },
    };
    return runStage<ReconcileResult>(deps, {
      subject: scan,
      parts,
      job: "reconcile",
      input: (key): ReconcileJob => ({
        ...{ key, prepared, profiles, method, localize: { ...localize, risk } },
        ...(refined === undefined ? {} : { refined }),
        ...(byHand === undefined ? {} : { byHand }),
        ...(conformal && calibration !== undefined
          ? { calibration: { key: calibration, parts, targetSize: downscale.targetSize } }
          : {}),
      }),
    });
  };
}
