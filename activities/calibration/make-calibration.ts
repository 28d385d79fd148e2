import { isDomainError, NotFound } from "../../domain/errors.ts";
import type { BatchTruth, ResolvedBatch } from "../../schemas/batch.ts";
import type { CalibratedScan, Calibration } from "../../schemas/calibration.ts";
import { keys } from "../../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../../schemas/result.ts";
import type { ObjectStore } from "../deps.ts";
import { parametersDigest, refinerDigest } from "../encoder.ts";
import type { KnownBox } from "../evaluation/read-truth-file.ts";
import { canonicalJson } from "../stage/content-key.ts";
import { findDocument, readDocument } from "../stage/documents.ts";
import { readManifest } from "../stage/manifests.ts";
import { boxOfMask } from "./box-of-mask.ts";
import { calibrateScan, type ScanMeasure } from "./calibrate-scan.ts";

export interface CalibrationRequest {
  /** How a batch ended. */
  readonly status: BatchStatus;
  /** Known boxes by scan, ahead of those that the batch file brought. */
  readonly truth: ReadonlyMap<string, KnownBox>;
  /** Default: the batch's. */
  readonly collection?: string;
  /** Keep the scans of this one, where they were found in the same way. */
  readonly earlier?: Calibration;
  readonly now: Date;
}

export interface CalibrationMade {
  readonly calibration: Calibration | undefined;
  /** The scans of the batch that say nothing, and why. */
  readonly leftOut: readonly { readonly scan: string; readonly reason: string }[];
}

/**
 * Measure how far the boxes of a finished batch cut into their specimens. Scans that were kept
 * whole, failed, have no known truth or were found in another way than most are left out, with the
 * reason; no calibration where none is left.
 */
export async function makeCalibration(
  store: ObjectStore,
  request: CalibrationRequest,
  signal: AbortSignal,
): Promise<CalibrationMade> {
  const { status, earlier } = request;
  if (status.spec === undefined) {
    throw new NotFound(`Batch ${status.batch} does not say what it was asked for`);
  }
  const spec = await readDocument<ResolvedBatch>(store, status.spec);
  const brought = (await findDocument<BatchTruth>(store, keys.batchTruth(status.batch))) ?? {};
  const leftOut: { scan: string; reason: string }[] = [];
  const measures: ScanMeasure[] = [];
  for (const scan of status.scans) {
    signal.throwIfAborted();
    try {
      const truth =
        request.truth.get(scan.scan) ?? (await broughtTruth(scan, brought[scan.scan], signal));
      if (truth === undefined) leftOut.push({ scan: scan.scan, reason: "its truth is not known" });
      else measures.push(await calibrateScan(store, scan, truth, spec.downscale.targetSize));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      leftOut.push({ scan: scan.scan, reason: error.message });
    }
  }
  const usual = mostCommon(measures.map(({ localizer }) => canonicalJson(localizer)));
  const used = measures.filter(({ localizer }) => canonicalJson(localizer) === usual);
  for (const { measured } of measures.filter((measure) => !used.includes(measure))) {
    leftOut.push({ scan: measured.scan, reason: "found in another way than most of the batch" });
  }
  const [first] = used;
  if (first === undefined) return { calibration: undefined, leftOut };

  const { localizer } = first;
  const refiner = localizer["refinement network"] as string | undefined;
  const encoder = localizer["encoder"] as string | undefined;
  const learned = await learnedViews(store, encoder, refiner);
  const scans = used.map(({ measured, view }): CalibratedScan => ({
    ...measured,
    batch: status.batch,
    learnedFrom: learned.has(view),
  }));
  const now = new Set(scans.map(({ volume }) => volume));
  const kept =
    earlier !== undefined && canonicalJson(earlier.localizer) === usual
      ? earlier.scans.filter(({ volume }) => !now.has(volume))
      : [];
  const calibration: Calibration = {
    version: 1,
    collection: request.collection ?? spec.collection,
    made: request.now.toISOString(),
    localizer: { ...localizer },
    ...(encoder === undefined || status.encoder?.key !== encoder
      ? {}
      : { encoder: status.encoder }),
    ...(refiner === undefined ? {} : { refiner }),
    asked: { pretrain: parametersDigest(spec.pretrain), refine: refinerDigest(spec.localize) },
    scans: [...kept, ...scans],
  };
  return { calibration, leftOut };
}

async function broughtTruth(
  { scan, prepared }: ScanStatus,
  truth: BatchTruth[string] | undefined,
  signal: AbortSignal,
): Promise<KnownBox | undefined> {
  const shape = prepared?.volume.shape;
  if (truth === undefined || shape === undefined) return undefined;
  if (truth.box !== undefined) return { shape, box: truth.box };
  if (truth.mask === undefined) return undefined;
  return { shape, box: await boxOfMask({ scan, mask: truth.mask, shape }, signal) };
}

/** The views that the networks were learned from. */
async function learnedViews(
  store: ObjectStore,
  encoder: string | undefined,
  refiner: string | undefined,
): Promise<ReadonlySet<string>> {
  const manifests = await Promise.all([
    encoder === undefined ? undefined : readManifest(store, "pretrain", encoder),
    refiner === undefined ? undefined : readManifest(store, "refine", refiner),
  ]);
  return new Set(manifests.flatMap((of) => (of?.parts.inputs["views"] ?? []) as string[]));
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
