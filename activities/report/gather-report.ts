import { NotFound } from "../../domain/errors.ts";
import type { BatchTruth, ResolvedBatch } from "../../schemas/batch.ts";
import type { LossCurve, ShortcutReport } from "../../schemas/campaign.ts";
import { keys } from "../../schemas/names.ts";
import { batchStatus, type BatchStatus } from "../../schemas/result.ts";
import type { SegmentationModelResult } from "../../schemas/stages.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import { describeMargins } from "../calibration/describe-margins.ts";
import type { ObjectStore } from "../deps.ts";
import { findDocument, readDocument } from "../stage/documents.ts";
import { readManifest } from "../stage/manifests.ts";
import { compile } from "../validate.ts";
import { attempt, type Gaps } from "./attempt.ts";
import { gatherScan } from "./gather-scan.ts";
import type {
  ReportLearning,
  ReportModel,
  ReportScan,
  ReportSegmentation,
} from "./report-model.ts";

const parse = compile<BatchStatus>(batchStatus);

/** Images of more scans would make a file that no browser opens; the table still has every scan. */
const MOST_ILLUSTRATED = 150;

/**
 * Everything a batch's report shows, out of the store. Throws `NotFound` where there is no such
 * batch; anything else that is missing or damaged becomes a sentence in the report instead.
 *
 * @param options.madeAt when, for the report's last line; without, equal stores give equal reports
 */
export async function gatherReport(
  store: ObjectStore,
  batch: string,
  options: { readonly signal: AbortSignal; readonly madeAt?: Date },
): Promise<ReportModel> {
  const { signal, madeAt } = options;
  const found = await findDocument<unknown>(store, keys.batchResult(batch));
  if (found === undefined) throw new NotFound(`Batch ${batch} has left no result in the store yet`);
  const status = parse(found);
  const gaps: string[] = [];
  const parts: Gaps = { signal, notice: (gap) => void gaps.push(gap) };

  const truth = await attempt("the truth of the batch", parts, () =>
    findDocument<BatchTruth>(store, keys.batchTruth(batch)),
  );
  const scans: ReportScan[] = [];
  for (const scan of status.scans) {
    signal.throwIfAborted();
    const illustrated = scans.filter(({ images }) => images.length > 0).length < MOST_ILLUSTRATED;
    scans.push(
      await gatherScan(store, scan, {
        truth: truth?.[scan.scan],
        illustrated,
        signal,
      }),
    );
  }
  const { encoder, note, spec } = status;
  const learning =
    encoder && (await attempt("the learning curve", parts, () => gatherLearning(store, encoder)));
  const segmentation = await attempt("the segmentation model", parts, () =>
    gatherSegmentation(store, spec),
  );
  const margins = await attempt("the calibration of the margins", parts, () =>
    describeMargins(store, status),
  );
  if (status.scans.length > MOST_ILLUSTRATED) {
    parts.notice(`Images are shown of ${MOST_ILLUSTRATED} scans at most; the table has all`);
  }
  return {
    batch,
    outcome: status.outcome,
    ...(note === undefined ? {} : { note }),
    ...(madeAt === undefined ? {} : { madeAt: madeAt.toISOString() }),
    ...(margins === undefined || margins.length === 0 ? {} : { margins }),
    scans,
    ...(learning === undefined ? {} : { learning }),
    ...(segmentation === undefined ? {} : { segmentation }),
    gaps,
  };
}

async function gatherLearning(store: ObjectStore, encoder: EncoderRef): Promise<ReportLearning> {
  const { steps, loss, accuracy } = await readDocument<LossCurve>(
    store,
    `${keys.encoder(encoder.key)}/curve.json`,
  );
  const shortcut = await findDocument<ShortcutReport>(
    store,
    `${keys.encoder(encoder.key)}/shortcut.json`,
  );
  return {
    pretext: encoder.pretext,
    encoder: encoder.encoder,
    view: encoder.view,
    key: encoder.key,
    steps,
    loss,
    ...(accuracy === undefined ? {} : { accuracy }),
    // Seven rotations are told apart; a guess costs ln 7 (arXiv 2011.03353, section 2.1).
    ...(encoder.pretext === "rotation" ? { chance: Math.log(7) } : {}),
    ...(shortcut === undefined ? {} : { shortcut }),
  };
}

/** The model that the batch's specification names, if it names one. */
async function gatherSegmentation(
  store: ObjectStore,
  spec: string | undefined,
): Promise<ReportSegmentation | undefined> {
  if (spec === undefined) return undefined;
  const { model } = (await readDocument<ResolvedBatch>(store, spec)).segment;
  if (model === undefined) return undefined;
  const { key } = await readDocument<{ readonly key: string }>(store, keys.modelName(model));
  const manifest = await readManifest(store, "segment", key);
  if (manifest === undefined) throw new NotFound(`${keys.manifest("segment", key)} does not exist`);
  const result = manifest.result as unknown as SegmentationModelResult;
  const heldOut = result.validationScans.length > 0;
  return {
    model,
    meanIou: result.meanIou,
    iou: result.iou,
    measuredOn: heldOut ? result.validationScans : result.trainingScans,
    heldOut,
  };
}
