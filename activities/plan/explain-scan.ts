import type { Manifest } from "../../schemas/manifest.ts";
import { keys, STAGES, type Stage } from "../../schemas/names.ts";
import type { BatchStatus, Failure, ScanStatus } from "../../schemas/result.ts";
import type { ObjectStore } from "../deps.ts";
import { readQuarantinedManifest } from "../retention/volume-manifests.ts";
import { describeChange } from "./describe-change.ts";
import { nearestParts, type PartChange } from "./diff-parts.ts";
import { type EarlierKeys, readEarlierKeys } from "./earlier-statuses.ts";
import { sameKind, sameSubject } from "./related.ts";
import { createStageHistory, type StageHistory } from "./stage-history.ts";

/** One result of a stage: what it is named by, how it came about, how it differs from the one before. */
export interface ExplainedResult {
  readonly key: string;
  /** Absent where the manifest is gone: damaged and moved aside, or purged with its volume. */
  readonly manifest?: Pick<Manifest, "parts" | "run" | "outputs">;
  /** The nearest earlier result of the stage about this scan. */
  readonly nearest?: string;
  readonly changes?: readonly PartChange[];
  readonly reason: string;
}

/** How one stage of one scan went. */
export interface ExplainedStage {
  readonly stage: Stage;
  /** `working`: it runs, or waits to; `not needed`: the scan settled well without. */
  readonly how:
    "ran" | "reused" | "failed" | "cancelled" | "working" | "not reached" | "not needed";
  /** Several where a stage is done along each axis. */
  readonly results: readonly ExplainedResult[];
  readonly failure?: Failure;
}

/** What a batch did about one of its scans, stage by stage. */
export async function explainScan(
  store: ObjectStore,
  batch: Pick<BatchStatus, "batch" | "encoder" | "campaign">,
  scan: ScanStatus,
  only?: Stage,
): Promise<ExplainedStage[]> {
  const history = createStageHistory(store);
  const earlier = await readEarlierKeys(store, batch.batch);
  const trained = batch.campaign === undefined ? "reused" : "ran";
  const explained: ExplainedStage[] = [];
  for (const stage of only === undefined ? STAGES : [only]) {
    const record = scan.stages?.[stage];
    const encoder = stage === "pretrain" && looked(scan) ? batch.encoder?.key : undefined;
    const names = record?.key.split(",") ?? (encoder === undefined ? [] : [encoder]);
    const results: ExplainedResult[] = [];
    for (const key of names) {
      results.push(await explainResult(store, { history, earlier }, scan, stage, key));
    }
    const failure = scan.stage === stage ? scan.failure : undefined;
    explained.push({
      ...{
        stage,
        how: howItWent(scan, stage, encoder === undefined ? undefined : trained),
        results,
      },
      ...(failure === undefined ? {} : { failure }),
    });
  }
  return explained;
}

function howItWent(
  scan: ScanStatus,
  stage: Stage,
  encoder: "ran" | "reused" | undefined,
): ExplainedStage["how"] {
  if (scan.stage === stage) {
    if (scan.outcome === "failed" || scan.outcome === "cancelled") return scan.outcome;
    if (scan.state !== "settled") return "working";
  }
  const record = scan.stages?.[stage];
  if (record !== undefined) return record.reused ? "reused" : "ran";
  if (encoder !== undefined) return encoder;
  const well = scan.outcome === "cropped" || scan.outcome === "kept-whole";
  return well ? "not needed" : "not reached";
}

/** Whether an encoder looked at the scan. */
function looked({ stages, profiles }: ScanStatus): boolean {
  return stages?.localize !== undefined || profiles !== undefined;
}

async function explainResult(
  store: ObjectStore,
  { history, earlier }: { readonly history: StageHistory; readonly earlier: EarlierKeys },
  scan: ScanStatus,
  stage: Stage,
  key: string,
): Promise<ExplainedResult> {
  const manifest =
    (await history.read(stage, key)) ??
    (scan.volume !== undefined && (stage === "ingest" || stage === "downscale")
      ? await readQuarantinedManifest(store, scan.volume, stage, key)
      : undefined);
  if (manifest === undefined) {
    return { key, reason: `its manifest is gone (${store.url(keys.manifest(stage, key))})` };
  }
  const { parts, run, outputs } = manifest;
  const named = await Promise.all(
    earlier.of(scan.scan, stage).map((name) => history.read(stage, name)),
  );
  const { manifests } = await history.sample(stage);
  const before = [
    ...named.filter((other) => other !== undefined),
    ...manifests.filter((other) => sameSubject(other.parts, parts)),
  ].filter(
    (other) =>
      other.key !== key && sameKind(other.parts, parts) && other.run.startedAt < run.startedAt,
  );
  const found = nearestParts(parts, before);
  const reason =
    found?.changes.map((change) => describeChange(change)).join("; ") ??
    "no earlier result about this";
  return {
    ...{ key, manifest: { parts, run, outputs }, reason },
    ...(found === undefined ? {} : { nearest: found.nearest.key, changes: found.changes }),
  };
}
