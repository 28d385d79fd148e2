import type { BatchOutcome, BatchStatus, Failure, ScanStatus } from "../schemas/result.ts";
import type { Stage } from "../schemas/names.ts";
import type { RetainResult } from "../schemas/retention.ts";
import type { BatchPlan, PreparedScan } from "../schemas/stages.ts";
import type { Analysed } from "./analyse-scan.ts";
import type { Localized } from "./localize-scan.ts";
import type { Prepared } from "./prepare-scan.ts";
import { storedSize } from "./stored-size.ts";
import type { ScanRun } from "./scan-run.ts";

/** Where every scan of a batch is. Plain data and transitions; no Temporal, so that it can be tested alone. */
export interface BatchState {
  readonly scans: Map<string, ScanStatus>;
  note: string | undefined;
  campaign: string | undefined;
}

/** All scans waiting, or where the stored earlier run left them. */
export function createBatchState(plan: BatchPlan): BatchState {
  const earlier = new Map(plan.earlier?.scans.map((status) => [status.scan, status]));
  return {
    scans: new Map(
      plan.scans.map(({ scan }) => [scan, earlier.get(scan) ?? { scan, state: "waiting" }]),
    ),
    note: plan.earlier?.note,
    campaign: plan.earlier?.campaign,
  };
}

export function inState(state: BatchState, ...wanted: ScanStatus["state"][]): ScanStatus[] {
  return [...state.scans.values()].filter((status) => wanted.includes(status.state));
}

export function allSettled(state: BatchState): boolean {
  return inState(state, "settled").length === state.scans.size;
}

/** Scans that a retry would run again: those that failed or were cancelled, or those of them named. */
export function retryable(state: BatchState, only: readonly string[] | undefined): string[] {
  return [...state.scans.values()]
    .filter(({ outcome }) => outcome === "failed" || outcome === "cancelled")
    .map(({ scan }) => scan)
    .filter((scan) => only === undefined || only.includes(scan));
}

/** Forget how these scans ended, so that they run again; stages that have a manifest are reused. */
export function restart(state: BatchState, scans: readonly string[]): void {
  for (const scan of scans) state.scans.set(scan, { scan, state: "waiting" });
}

export function begin(state: BatchState, scan: string, phase: "preparing" | "analysing"): void {
  const status = get(state, scan);
  state.scans.set(scan, {
    ...status,
    state: phase,
    stage: phase === "preparing" ? "ingest" : "localize",
  });
}

export function settlePrepared(state: BatchState, scan: string, run: ScanRun<Prepared>): void {
  if (!run.ok) return fail(state, scan, run.stage, run.failure, run.stages);
  const { prepared, volumeBytes, volumeStored } = run.value;
  state.scans.set(scan, {
    scan,
    state: "prepared",
    prepared,
    volume: prepared.volume.digest,
    volumeBytes,
    ...(volumeStored === undefined ? {} : { volumeStored }),
    stages: { ...run.stages },
  });
}

/** What the encoder saw is there. A scan that could not be looked at fails when it is analysed. */
export function noteLocalized(state: BatchState, scan: string, run: ScanRun<Localized>): void {
  const status = get(state, scan);
  if (!run.ok || status.state !== "prepared") return;
  state.scans.set(scan, {
    ...status,
    profiles: [...run.value.profiles] as ScanStatus["profiles"] & string[],
    stages: { ...status.stages, ...run.stages },
  });
}

export function settleAnalysed(state: BatchState, scan: string, run: ScanRun<Analysed>): void {
  const status = get(state, scan);
  const stages = { ...status.stages, ...run.stages };
  if (!run.ok) return fail(state, scan, run.stage, run.failure, stages);
  const { decision, crop, labels } = run.value;
  const { stage: _working, failure: _earlier, ...kept } = status;
  state.scans.set(scan, {
    ...kept,
    state: "settled",
    outcome: decision.outcome,
    stages,
    confidence: decision.confidence,
    reasons: [...decision.reasons],
    candidates: structure(decision.candidates),
    ...(decision.calibration === undefined ? {} : { calibration: decision.calibration }),
    keptFraction: crop?.keptFraction ?? 1,
    ...(decision.box === undefined ? {} : { box: structure(decision.box) }),
    ...(decision.margin === undefined ? {} : { margin: structure(decision.margin) }),
    ...(crop === undefined
      ? {}
      : { crop: crop.crop, cropBytes: crop.level0Bytes, cropStored: storedSize(crop) }),
    ...(labels === undefined ? {} : { labels }),
  });
}

export function fail(
  state: BatchState,
  scan: string,
  stage: Stage,
  failure: Failure,
  stages: ScanStatus["stages"] = get(state, scan).stages,
): void {
  state.scans.set(scan, {
    scan,
    state: "settled",
    outcome: "failed",
    stage,
    failure,
    ...(stages === undefined ? {} : { stages }),
  });
}

export function cancel(state: BatchState, scan: string): void {
  const { stages, stage } = get(state, scan);
  state.scans.set(scan, {
    scan,
    state: "settled",
    outcome: "cancelled",
    ...(stage === undefined ? {} : { stage }),
    ...(stages === undefined ? {} : { stages }),
  });
}

/** Note what retention did with the volumes of scans that are still as it found them. */
export function settleRetained(state: BatchState, { scans }: RetainResult): void {
  for (const { scan, retained } of scans) {
    const status = state.scans.get(scan);
    if (status?.outcome === "cropped") state.scans.set(scan, { ...status, retained });
  }
}

/** `completed` when all are cropped or kept whole; `failed` or `cancelled` when all are; else `partial`. */
export function batchOutcome(state: BatchState): BatchOutcome {
  if (!allSettled(state)) return "running";
  const outcomes = [...state.scans.values()].map(({ outcome }) => outcome);
  if (outcomes.every((outcome) => outcome === "cropped" || outcome === "kept-whole")) {
    return "completed";
  }
  if (outcomes.every((outcome) => outcome === "cancelled")) return "cancelled";
  return outcomes.some((outcome) => outcome === "cropped" || outcome === "kept-whole")
    ? "partial"
    : "failed";
}

/** The status document of the batch, scans in the order of the specification. */
export function toStatus(
  state: BatchState,
  about: Pick<BatchStatus, "batch" | "spec" | "encoder" | "refiner" | "paused">,
): BatchStatus {
  return {
    ...about,
    outcome: batchOutcome(state),
    ...(state.note === undefined ? {} : { note: state.note }),
    ...(state.campaign === undefined ? {} : { campaign: state.campaign }),
    scans: [...state.scans.values()],
  };
}

/** The scans that learning may see. */
export function preparedScans(state: BatchState): PreparedScan[] {
  return [...state.scans.values()].flatMap(({ prepared }) => prepared ?? []);
}

function get(state: BatchState, scan: string): ScanStatus {
  const status = state.scans.get(scan);
  if (status === undefined) throw new RangeError(`No scan ${scan} in this batch`);
  return status;
}

/** Schemas' types are mutable, results' are not; a copy is both. */
function structure<T>(value: T): Mutable<T> {
  return JSON.parse(JSON.stringify(value)) as Mutable<T>;
}

type Mutable<T> = { -readonly [K in keyof T]: Mutable<T[K]> };
