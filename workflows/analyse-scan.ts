import { isCancellation } from "@temporalio/workflow";
import type { Stage } from "../schemas/names.ts";
import type { StageRecord } from "../schemas/result.ts";
import type { CropResult, PreparedScan, ReconcileResult, StageResult } from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { toFailure } from "./failure.ts";
import { AXES, localizeAxes } from "./localize-axes.ts";
import { compute, transfer } from "./proxies.ts";
import type { ScanRun } from "./scan-run.ts";
import { stageRecord } from "./stage-record.ts";

export interface AnalyseInput {
  readonly batch: string;
  readonly scan: string;
  readonly spec: string;
  readonly prepared: PreparedScan;
  /** Absent: the label-free energy localizer decides, for the reason in `fallback`. */
  readonly encoder?: EncoderRef;
  readonly fallback?: string;
  /** Keys of the localize results along z, y, x, where they are there already. */
  readonly profiles?: readonly string[];
  /** A refinement network that was learned from the batch's maps. */
  readonly refiner?: string;
  /** The calibration that a conformal margin comes from. */
  readonly calibration?: string;
  /** The box by hand: nothing is localized. */
  readonly byHand?: ReconcileResult["box"];
  /** Apply this segmentation model to the crop. */
  readonly model?: string;
}

export interface Analysed {
  readonly decision: ReconcileResult;
  readonly crop?: CropResult;
  readonly labels?: string;
}

/** One prepared scan: localize z ‖ y ‖ x → [refined z ‖ y ‖ x] → reconcile (a box, or abstain) → crop → [segment]. */
export async function analyseScan(input: AnalyseInput): Promise<ScanRun<Analysed>> {
  const { batch, scan, spec, prepared, encoder } = input;
  const stages: Partial<Record<Stage, StageRecord>> = {};
  let stage: Stage = "localize";
  const record = <R>(...results: StageResult<R>[]): void => {
    stages[stage] = stageRecord(results);
  };
  try {
    let profiles: string[] = [...(input.profiles ?? [])];
    if (encoder !== undefined && input.byHand === undefined && profiles.length === 0) {
      const axes = await localizeAxes({ batch, scan, spec, view: prepared.view, encoder });
      record(...axes);
      profiles = axes.map(({ key }) => key);
    }

    let refined: string[] = [];
    const { refiner } = input;
    if (refiner !== undefined && profiles.length > 0) {
      stage = "refine";
      const axes = await Promise.all(
        AXES.map((axis) =>
          compute.localizeRefined({ batch, scan, view: prepared.view, refiner, axis }),
        ),
      );
      record(...axes);
      refined = axes.map(({ key }) => key);
    }

    stage = "reconcile";
    const decided = await transfer.reconcile({
      batch,
      scan,
      spec,
      prepared,
      profiles,
      ...(refined.length === 0 ? {} : { refined }),
      ...(encoder === undefined ? {} : { encoder }),
      ...(input.calibration === undefined ? {} : { calibration: input.calibration }),
      ...(input.byHand === undefined ? {} : { byHand: toMutable(input.byHand) }),
    });
    record(decided);
    // Why there was no encoder is this batch's affair, not the stage's, whose result others share.
    const why = input.fallback === undefined || input.byHand !== undefined ? [] : [input.fallback];
    const decision = { ...decided.result, reasons: [...why, ...decided.result.reasons] };
    if (decision.box === undefined || decision.margin === undefined) {
      return { ok: true, stages, value: { decision } };
    }

    stage = "crop";
    const cropped = await transfer.crop({
      batch,
      scan,
      volume: prepared.volume,
      box: toMutable(decision.box),
      margin: toMutable(decision.margin),
      confidence: decision.confidence,
      reconcile: decided.key,
      ...(encoder === undefined ? {} : { encoder: encoder.key }),
    });
    record(cropped);

    if (input.model === undefined) {
      return { ok: true, stages, value: { decision, crop: cropped.result } };
    }
    stage = "segment";
    const segmented = await compute.applySegmentation({
      batch,
      scan,
      model: input.model,
      crop: cropped.key,
    });
    record(segmented);
    return {
      ok: true,
      stages,
      value: { decision, crop: cropped.result, labels: segmented.result.labels },
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ok: false, stages, stage, failure: toFailure(error) };
  }
}

type Mutable<T> = { -readonly [K in keyof T]: Mutable<T[K]> };

/** Schemas' types are mutable tuples; results' are not. */
function toMutable(box: NonNullable<ReconcileResult["box"]>): Mutable<typeof box> {
  return box.map(([lo, hi]) => [lo, hi]) as unknown as Mutable<typeof box>;
}
