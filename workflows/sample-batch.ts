import {
  ApplicationFailure,
  CancellationScope,
  ParentClosePolicy,
  allHandlersFinished,
  condition,
  continueAsNew,
  executeChild,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from "@temporalio/workflow";
import { workflowIds } from "../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../schemas/result.ts";
import type { BatchPlan, EncoderChoice } from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { analyseScan } from "./analyse-scan.ts";
import {
  type BatchState,
  allSettled,
  batchOutcome,
  begin,
  cancel,
  createBatchState,
  fail,
  inState,
  noteLocalized,
  preparedScans,
  restart,
  retryable,
  settleAnalysed,
  settlePrepared,
  settleRetained,
  toStatus,
} from "./batch-state.ts";
import { toFailure } from "./failure.ts";
import { localizeScan } from "./localize-scan.ts";
import {
  type SampleBatchInput,
  cancelScansUpdate,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
  retryUpdate,
} from "./messages.ts";
import { prepareScan } from "./prepare-scan.ts";
import { pretrainCampaign } from "./pretrain-campaign.ts";
import { compute, quick, transfer } from "./proxies.ts";

/** Children that run at once; the task queues bound the work, this bounds the history in flight. */
const WINDOW = 8;
const HISTORY_LIMIT = 4000;

/** Tonight's scans: prepare each, learn once, analyse each, report. Closes when every scan has settled. */
export async function sampleBatch(input: SampleBatchInput): Promise<BatchStatus> {
  const { batch } = input;
  let spec = input.spec;
  let plan: BatchPlan | undefined;
  let state: BatchState | undefined;
  let encoder: EncoderRef | undefined;
  let refiner: string | undefined;
  let paused = false;
  let retries = 0;
  let recalibrate = input.recalibrate ?? false;
  const scopes = new Map<string, CancellationScope>();

  const status = (): BatchStatus =>
    state === undefined
      ? { batch, outcome: "running", scans: [] }
      : toStatus(state, {
          ...{ batch, spec, paused },
          ...(encoder === undefined ? {} : { encoder }),
          ...(refiner === undefined ? {} : { refiner }),
        });

  setHandler(progressQuery, status);
  setHandler(pauseUpdate, () => void (paused = true));
  setHandler(resumeUpdate, () => void (paused = false));
  setHandler(retryUpdate, async (request) => {
    retries++;
    await condition(() => state !== undefined);
    const again = state === undefined ? [] : retryable(state, request.only);
    if (state === undefined || again.length === 0) {
      throw ApplicationFailure.nonRetryable(
        request.only === undefined
          ? `${batch} has no scan that failed or was cancelled`
          : `None of ${request.only.join(", ")} failed or was cancelled in ${batch}`,
        "NothingToRetry",
      );
    }
    if (request.spec !== undefined) {
      plan = await quick.readBatch({ batch, spec: request.spec, resume: false });
      spec = request.spec;
    }
    restart(state, again);
    return again;
  });
  setHandler(cancelScansUpdate, async (scans) => {
    await condition(() => state !== undefined);
    const open = scans.filter((scan) => {
      const found = state?.scans.get(scan);
      return found !== undefined && found.state !== "settled";
    });
    for (const scan of open) {
      if (state !== undefined) cancel(state, scan);
      scopes.get(scan)?.cancel();
    }
    return open;
  });

  try {
    plan = await quick.readBatch({ batch, spec, resume: input.resume ?? false });
    state = createBatchState(plan);
    encoder = plan.earlier?.encoder;
    refiner = plan.earlier?.refiner;
    // A run that exists only to be retried waits for the request that comes with its start.
    if (allSettled(state)) await condition(() => retries > 0, "1 minute");
    await condition(allHandlersFinished);

    do {
      await prepareAll(state, plan);
      const margins = await chooseCalibration(state, plan);
      const choice = await chooseEncoder(state, plan, margins);
      const refinement = await chooseRefiner(state, plan, choice);
      await analyseAll(state, plan, { ...choice, ...refinement, ...margins });
      if (allSettled(state)) {
        await finish(state);
        await retain(state, plan);
      }
      // A retry may have come while the report was written.
    } while (!allSettled(state));
    await condition(allHandlersFinished);
    return status();
  } catch (error) {
    if (isCancellation(error) && state !== undefined) {
      const cancelled = state;
      for (const { scan } of inState(cancelled, "waiting", "preparing", "prepared", "analysing")) {
        cancel(cancelled, scan);
      }
      await CancellationScope.nonCancellable(() => finish(cancelled));
    }
    throw error;
  }

  async function prepareAll(state: BatchState, { scans }: BatchPlan): Promise<void> {
    const labelled = new Map(scans.map(({ scan, withLabels }) => [scan, withLabels]));
    await forEachScan(
      state,
      () => inState(state, "waiting")[0],
      async ({ scan }) => {
        begin(state, scan, "preparing");
        const run = await executeChild(prepareScan, {
          args: [{ batch, scan, spec, withLabels: labelled.get(scan) ?? false }],
          workflowId: workflowIds.prepare(batch, scan),
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: `Prepare ${scan}`,
        });
        settlePrepared(state, scan, run);
      },
    );
  }

  async function analyseAll(
    state: BatchState,
    { scans, model }: BatchPlan,
    choice: Choice,
  ): Promise<void> {
    const boxes = new Map(scans.map(({ scan, byHand }) => [scan, byHand]));
    await forEachScan(
      state,
      () => inState(state, "prepared")[0],
      async (status) => {
        const { scan, prepared, profiles } = status;
        if (prepared === undefined) return;
        begin(state, scan, "analysing");
        const byHand = boxes.get(scan);
        const run = await executeChild(analyseScan, {
          args: [
            {
              batch,
              scan,
              spec,
              prepared,
              ...choice,
              ...(profiles === undefined || choice.encoder === undefined ? {} : { profiles }),
              ...(byHand === undefined ? {} : { byHand }),
              ...(model === undefined ? {} : { model }),
            },
          ],
          workflowId: workflowIds.analyse(batch, scan),
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: `Analyse ${scan}`,
        });
        settleAnalysed(state, scan, run);
      },
    );
  }

  /** Run `body` for scan after scan, at most WINDOW at once; a cancelled scan ends alone. */
  async function forEachScan(
    state: BatchState,
    nextScan: () => ScanStatus | undefined,
    body: (status: ScanStatus) => Promise<void>,
  ): Promise<void> {
    const lane = async (): Promise<void> => {
      for (;;) {
        await condition(() => !paused);
        const next = nextScan();
        if (next === undefined || mustContinue()) return;
        const { scan } = next;
        try {
          await CancellationScope.cancellable(async () => {
            scopes.set(scan, CancellationScope.current());
            await body(next);
          });
        } catch (error) {
          if (CancellationScope.current().consideredCancelled) throw error;
          if (isCancellation(error)) cancel(state, scan);
          else fail(state, scan, state.scans.get(scan)?.stage ?? "ingest", toFailure(error));
        } finally {
          scopes.delete(scan);
        }
      }
    };
    await Promise.all(Array.from({ length: WINDOW }, lane));
    if (nextScan() !== undefined) await goOnInNewRun(state);
  }

  /** Which calibration margins come from, where they are to come from one. */
  async function chooseCalibration(
    state: BatchState,
    { conformal }: BatchPlan,
  ): Promise<Pick<Choice, "calibration">> {
    if (conformal === undefined || inState(state, "prepared").length === 0) return {};
    try {
      const { key } = await quick.chooseCalibration({ batch, spec, renew: recalibrate });
      recalibrate = false;
      return key === undefined ? {} : { calibration: key };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = toFailure(error);
      for (const { scan } of inState(state, "prepared")) fail(state, scan, "reconcile", failure);
      return {};
    }
  }

  async function chooseEncoder(
    state: BatchState,
    { scans }: BatchPlan,
    margins: Pick<Choice, "calibration">,
  ): Promise<Choice> {
    const prepared = preparedScans(state);
    const byHand = scansByHand(scans);
    const waiting = inState(state, "prepared").filter(({ scan }) => !byHand.has(scan));
    if (waiting.length === 0) return {};

    let choice: EncoderChoice;
    try {
      choice = await quick.chooseEncoder({
        batch,
        spec,
        scans: prepared.map(({ scan, view }) => ({ scan, key: view.key })),
        repretrain: input.repretrain ?? false,
        ...margins,
      });
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = toFailure(error);
      for (const { scan } of waiting) fail(state, scan, "pretrain", failure);
      return {};
    }
    if (choice.kind === "use") {
      state.note = choice.note;
      encoder = choice.encoder;
      return { encoder, ...(choice.refiner === undefined ? {} : { refiner: choice.refiner }) };
    }
    if (choice.kind === "none") {
      state.note = choice.reason;
      return { fallback: choice.reason };
    }
    state.note = choice.note;
    state.campaign = choice.campaign;
    setCurrentDetails(choice.note);
    try {
      const trained = await executeChild(pretrainCampaign, {
        args: [{ campaign: choice.campaign, steps: choice.steps }],
        workflowId: workflowIds.campaign(choice.campaign),
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `Pretrain for ${batch}`,
      });
      if (trained.encoder === undefined) {
        const reason =
          trained.state === "stopped"
            ? "Pretraining was stopped before its first step: the label-free energy localizer is used instead"
            : `Pretraining stayed at chance (loss ${trained.loss.toFixed(3)} at step ${trained.step}): the label-free energy localizer is used instead`;
        state.note = reason;
        return { fallback: reason };
      }
      encoder = trained.encoder;
      await quick.pinEncoder({ batch, spec, encoder, scans: prepared.map(({ scan }) => scan) });
      state.note = `Encoder ${encoder.key.slice(0, 12)} pretrained on ${prepared.length} scans of this batch`;
      return { encoder };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = toFailure(error);
      if (failure.type === "Diverged") {
        const reason = `Pretraining diverged (${failure.message}): the label-free energy localizer is used instead`;
        state.note = reason;
        return { fallback: reason };
      }
      for (const { scan } of waiting) fail(state, scan, "pretrain", failure);
      return {};
    }
  }

  /**
   * Look at every scan with the encoder, then learn from all of them what tells specimen from
   * background, unless that was pinned. Without, boxes come from the maps alone.
   */
  async function chooseRefiner(
    state: BatchState,
    { scans, refineFrom }: BatchPlan,
    choice: Choice,
  ): Promise<Pick<Choice, "refiner" | "fallback">> {
    if (choice.encoder === undefined) return {};
    if (choice.refiner !== undefined) {
      refiner = choice.refiner;
      return { refiner };
    }
    refiner = undefined;
    if (refineFrom === undefined || choice.encoder.view !== "windows") return {};
    const byHand = scansByHand(scans);
    if (inState(state, "prepared").every(({ scan }) => byHand.has(scan))) return {};
    await localizeAll(state, choice.encoder, byHand);
    const seen = [...state.scans.values()].flatMap(({ scan, prepared, profiles }) =>
      prepared === undefined || profiles === undefined
        ? []
        : [{ scan, view: prepared.view, profiles: [...profiles] }],
    );
    if (seen.length < refineFrom) {
      const reason = `Only ${seen.length} of at least ${refineFrom} scans to learn a refinement from: the boxes are those of the maps`;
      return { fallback: reason };
    }
    setCurrentDetails(`Learning what tells specimen from background, from ${seen.length} scans`);
    try {
      const learned = await compute.refine({ batch, spec, scans: seen });
      refiner = learned.result.refiner;
      const about = { batch, spec, encoder: choice.encoder, refiner };
      await quick.pinRefiner({ ...about, scans: seen.map(({ scan }) => scan) });
      return { refiner };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const reason = `The refinement could not be learned (${toFailure(error).message}): the boxes are those of the maps`;
      log.warn(reason, { batch });
      return { fallback: reason };
    }
  }

  async function localizeAll(
    state: BatchState,
    encoder: EncoderRef,
    byHand: ReadonlySet<string>,
  ): Promise<void> {
    const begun = new Set(byHand);
    const next = () =>
      inState(state, "prepared").find(
        ({ scan, profiles }) => profiles === undefined && !begun.has(scan),
      );
    await forEachScan(state, next, async ({ scan, prepared }) => {
      if (prepared === undefined) return;
      begun.add(scan);
      const run = await executeChild(localizeScan, {
        args: [{ batch, scan, spec, prepared, encoder }],
        workflowId: workflowIds.localize(batch, scan),
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `Localize ${scan}`,
      });
      noteLocalized(state, scan, run);
    });
  }

  async function finish(state: BatchState): Promise<void> {
    // Where nobody registered the search attributes, the batch was started without.
    if (workflowInfo().searchAttributes["MicrotomeBatch"] !== undefined) {
      upsertSearchAttributes({ MicrotomeOutcome: [batchOutcome(state)] });
    }
    await quick.saveBatch(status());
    try {
      await transfer.writeReport({ batch });
    } catch (error) {
      if (isCancellation(error)) throw error;
      // The result is stored; `microtome report` writes the pages again.
      log.warn("The report could not be written", { batch, reason: toFailure(error).message });
    }
  }

  /** Move whole volumes aside where the batch asks for it; a result without that is a result too. */
  async function retain(state: BatchState, { retention }: BatchPlan): Promise<void> {
    if (retention === undefined || !hasCropped(state)) return;
    setCurrentDetails("Moving whole volumes to quarantine");
    try {
      settleRetained(state, await transfer.retain({ batch, days: retention.days }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      const reason = `Not moved to quarantine: ${toFailure(error).message}`;
      log.warn(reason, { batch });
      const kept = inState(state, "settled").map(({ scan }) => ({
        scan,
        retained: { state: "kept" as const, reason },
      }));
      settleRetained(state, { scans: kept });
    }
    await quick.saveBatch(status());
  }

  async function goOnInNewRun(state: BatchState): Promise<void> {
    if (!mustContinue()) return;
    await condition(allHandlersFinished);
    await quick.saveBatch(toStatus(state, { batch, spec, paused }));
    const { recalibrate: _done, ...again } = input;
    await continueAsNew<typeof sampleBatch>({ ...again, spec, resume: true });
  }
}

/** What scans are analysed with. */
interface Choice {
  readonly encoder?: EncoderRef;
  readonly refiner?: string;
  readonly calibration?: string;
  /** Why there is less than was asked for, in words. */
  readonly fallback?: string;
}

function scansByHand(scans: BatchPlan["scans"]): ReadonlySet<string> {
  return new Set(scans.filter(({ byHand }) => byHand !== undefined).map(({ scan }) => scan));
}

function hasCropped(state: BatchState): boolean {
  return inState(state, "settled").some(({ outcome }) => outcome === "cropped");
}

function mustContinue(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_LIMIT;
}
