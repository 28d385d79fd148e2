import type { ObjectStore } from "../activities/deps.ts";
import { scanStorage, totalStorage } from "../activities/report/storage.ts";
import { keys } from "../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../schemas/result.ts";
import { labelsKey } from "./export-source.ts";

export interface DocumentOptions {
  readonly url: ObjectStore["url"];
  /** Also what only a curious person wants: keys of stages, candidates, the prepared scan. */
  readonly verbose: boolean;
}

/**
 * The document that `status BATCH --json` and `submit --wait --json` print (DESIGN.md §7): volumes
 * and crops as full URLs, `stage` and `failure` only where a scan has not simply succeeded.
 */
export function toBatchDocument(status: BatchStatus, options: DocumentOptions): object {
  const { batch, outcome, note, paused, encoder, campaign, spec, scans } = status;
  return pruned({
    batch,
    outcome,
    note,
    paused: paused === true ? true : undefined,
    encoder: encoder?.key,
    campaign,
    spec: options.verbose ? spec : undefined,
    storage: totalStorage(scans.map(scanStorage)),
    scans: scans.map((scan) => toScanDocument(scan, options)),
  });
}

function toScanDocument(scan: ScanStatus, { url, verbose }: DocumentOptions): object {
  const settled = scan.outcome === "cropped" || scan.outcome === "kept-whole";
  return pruned({
    scan: scan.scan,
    state: scan.state === "settled" ? undefined : scan.state,
    outcome: scan.outcome,
    box: scan.box,
    margin: scan.margin,
    keptFraction: scan.keptFraction,
    confidence: scan.confidence,
    volume: toUrl(scan.volume, url, keys.volume),
    crop: toUrl(scan.crop, url, keys.crop),
    labels: toUrl(scan.labels, url, labelsKey),
    storage: scanStorage(scan),
    retained: scan.retained,
    stage: settled ? undefined : scan.stage,
    failure: scan.failure,
    reasons: scan.reasons?.length === 0 ? undefined : scan.reasons,
    ...(verbose
      ? {
          candidates: scan.candidates,
          volumeBytes: scan.volumeBytes,
          cropBytes: scan.cropBytes,
          stages: scan.stages,
          prepared: scan.prepared,
        }
      : {}),
  });
}

function toUrl(
  value: string | undefined,
  url: ObjectStore["url"],
  toKey: (digest: string) => string,
): string | undefined {
  if (value === undefined || value.includes("://")) return value;
  return url(/^[0-9a-f]{64}$/.test(value) ? toKey(value) : value);
}

function pruned(members: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
