import {
  reconcileInput,
  type ReconcileInput,
  type ReconcileResult,
  type StageResult,
} from "../schemas/stages.ts";
import type { ReconcileJob } from "./jobs/reconcile.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { reconcileParts } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parse = compile<ReconcileInput>(reconcileInput);

/** Make one box and its margin out of the three axes, with a confidence, or abstain and say why. */
export function createReconcile(deps: StageDeps) {
  return async function reconcile(input: ReconcileInput): Promise<StageResult<ReconcileResult>> {
    const { scan, spec, prepared, profiles, refined, encoder, byHand, calibration } = parse(input);
    const { localize: asked, downscale } = (await readScan(deps.store, spec, scan)).batch;
    const method = encoder === undefined ? "energy" : asked.method;
    // A specification that was stored before there was a risk has none.
    const { risk = 0.1 } = asked;
    const localize = { ...asked, risk };
    const parts = reconcileParts(
      {
        ...{ volume: prepared.volume.digest, view: prepared.view.key },
        ...{ profiles, refined, byHand, calibration },
      },
      method,
      localize,
    );
    const used = parts.inputs["calibration"] as string | undefined;
    return runStage<ReconcileResult>(deps, {
      subject: scan,
      parts,
      job: "reconcile",
      input: (key): ReconcileJob => ({
        ...{ key, prepared, profiles, method, localize },
        ...(refined === undefined ? {} : { refined }),
        ...(byHand === undefined ? {} : { byHand }),
        ...(used === undefined
          ? {}
          : { calibration: { key: used, parts, targetSize: downscale.targetSize } }),
      }),
    });
  };
}
