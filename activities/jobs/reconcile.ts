import { calibratedMargin } from "../../domain/localization/calibration/calibrated-margin.ts";
import { marginFor } from "../../domain/localization/margin.ts";
import { fullBox } from "../../domain/volumes/box.ts";
import { meanProbability } from "../../domain/localization/refine/mean-probability.ts";
import { type Evidence, reconcile, type Reconciled } from "../../domain/localization/reconcile.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import type { LocalizeParameters } from "../../schemas/batch.ts";
import type { KeyParts } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { PreparedScan, ReconcileResult } from "../../schemas/stages.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { describeLocalizer } from "../calibration/describe-localizer.ts";
import { readCalibration } from "../calibration/store-calibration.ts";
import type { Job } from "../engine/job.ts";
import { readCertainty } from "../stage/certainty.ts";
import { readProbability } from "../stage/probability.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { readView } from "../stage/view-store.ts";
import { putObject } from "../volumes/put-object.ts";
import type { JobDeps } from "./index.ts";

export interface ReconcileJob {
  readonly key: string;
  readonly prepared: PreparedScan;
  /** Keys of the localize results along z, y, x; none when no encoder is used. */
  readonly profiles: readonly string[];
  /** Keys of the axes' probabilities, where a refinement network was learned. */
  readonly refined?: readonly string[];
  readonly method: "windows" | "rotation" | "energy";
  readonly localize: LocalizeParameters;
  readonly byHand?: Box;
  /** The calibration that a conformal margin comes from, and what this scan was found by. */
  readonly calibration?: {
    readonly key: string;
    readonly parts: KeyParts;
    readonly targetSize: number;
  };
}

/** Decide on a scan's box: what three axes, the label-free energy, or a person say. */
export function createReconcileJob({
  store,
}: JobDeps): Job<ReconcileJob, JobOutcome<ReconcileResult>> {
  return async function reconcileScan(input, { progress }) {
    const { key, prepared, localize, byHand } = input;
    const shape0 = prepared.volume.shape;
    if (byHand !== undefined) return { result: handMade(byHand, shape0), outputs: [] };

    progress({ fraction: 0.1, note: "reading the certainty maps" });
    const view = await readView(store, prepared.view);
    const axes = await Promise.all(input.profiles.map((profile) => readCertainty(store, profile)));
    const place = { level: prepared.view.level, shape0 };
    const seen = await Promise.all((input.refined ?? []).map((of) => readProbability(store, of)));
    const evidence: Evidence = {
      ...{ view, place, rule: localize.threshold },
      ...toEvidence(axes),
      ...(seen.length === 0 ? {} : { probability: meanProbability(seen) }),
    };
    progress({ fraction: 0.3, note: "deciding on the box" });
    const decided = withConfidence(reconcile(evidence), localize.minConfidence);
    const around = decided.box === undefined ? undefined : await marginOf(store, shape0, input);
    const result: ReconcileResult = {
      outcome: decided.outcome,
      ...(decided.box === undefined || around === undefined
        ? {}
        : { box: decided.box, margin: around.margin }),
      confidence: decided.confidence,
      reasons: [...decided.reasons, ...(around?.reasons ?? [])],
      touchesBorder: decided.touchesBorder.some((faces) => faces.some(Boolean)),
      candidates: decided.boxes as Readonly<Record<string, Box>>,
      ...(around?.calibration === undefined ? {} : { calibration: around.calibration }),
    };
    const document = await putObject(
      store,
      `${keys.stage("reconcile", key)}/decision.json`,
      toJson({ ...result, touches: decided.touchesBorder }),
    );
    return { result, outputs: [document] };
  };
}

/** A share of the axis as it was asked for, or what the batch's calibration gives. */
async function marginOf(
  store: JobDeps["store"],
  shape0: Zyx,
  { localize, calibration }: ReconcileJob,
): Promise<{
  readonly margin: Box;
  readonly reasons: readonly string[];
  readonly calibration?: string;
}> {
  if (localize.margin !== "conformal") {
    return { margin: marginFor(shape0, localize.margin).margin, reasons: [] };
  }
  const { margin, calibrated, reason } = calibratedMargin({
    ...{ shape0, risk: localize.risk },
    ...(calibration === undefined
      ? { calibration: undefined, localizer: {} }
      : {
          calibration: await readCalibration(store, calibration.key),
          localizer: await describeLocalizer(store, calibration.parts, calibration.targetSize),
        }),
  });
  const used = calibrated && calibration !== undefined;
  return { margin, reasons: [reason], ...(used ? { calibration: calibration.key } : {}) };
}

function toEvidence(
  axes: readonly Awaited<ReturnType<typeof readCertainty>>[],
): Pick<Evidence, "windows" | "slices"> {
  const [z, y, x] = axes;
  if (z === undefined || y === undefined || x === undefined) return {};
  const maps = axes.flatMap(({ map }) => map ?? []);
  if (maps.length === 3 && z.windowRadius !== undefined) {
    return { windows: { maps, radius: z.windowRadius } };
  }
  return { slices: [z.profile, y.profile, x.profile] };
}

/** Below the confidence that the user asks for, the scan is kept whole. */
function withConfidence(decided: Reconciled, least: number): Reconciled {
  if (decided.outcome === "kept-whole" || decided.confidence >= least) return decided;
  return {
    ...decided,
    outcome: "kept-whole",
    box: undefined,
    reasons: [
      ...decided.reasons,
      `Confidence ${decided.confidence} is below localize.minConfidence ${least}`,
    ],
  };
}

function handMade(box: Box, shape: readonly [number, number, number]): ReconcileResult {
  const limits = fullBox(shape);
  box.forEach(([lo, hi], axis) => {
    const end = limits[axis]?.[1] ?? 0;
    if (lo >= hi || hi > end) {
      throw new InvalidInput(
        `The box by hand is [${lo}, ${hi}] along ${"zyx"[axis]}, expected 0 ≤ low < high ≤ ${end}`,
      );
    }
  });
  return {
    outcome: "cropped",
    box,
    // What a person drew is what is kept.
    margin: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    confidence: 1,
    reasons: ["The box was given by hand"],
    touchesBorder: false,
    candidates: { hand: box },
  };
}
