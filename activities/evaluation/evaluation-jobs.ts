import type { Job, JobContext, Jobs } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import { canonicalJson } from "../stage/content-key.ts";
import type { SplitRequest } from "./evaluation-request.ts";
import { evaluateBaselines } from "./localization-baselines.ts";
import type {
  LocalizationScans,
  LocalizeRequest,
  PretrainRequest,
} from "./localization-request.ts";
import type { BaselinesResult, LocalizedSeed } from "./localization-result.ts";
import { localizeSeed } from "./localize-seed.ts";
import { openScans, summarizeScan } from "./open-scans.ts";
import type { OpenedScan, OpenScansRequest, ScanSummary } from "./open-scans.ts";
import type { RotationSplitResult } from "./rotation-result.ts";
import { evaluateRotationSplit } from "./rotation-split.ts";
import { pretrainAll, type PretrainedAll } from "./pretrain-all.ts";
import type { SortingSplitResult } from "./sorting-result.ts";
import { evaluateSortingSplit } from "./sorting-split.ts";

/**
 * The jobs of the process that `evaluateSplits` starts. It keeps the views that it made last, so that
 * splits of the same scans do not make them again.
 */
export function createJobs(env: NodeJS.ProcessEnv): Jobs {
  let last: { readonly key: string; readonly scans: readonly OpenedScan[] } | undefined;
  const open = async (request: OpenScansRequest, context: JobContext) => {
    const key = canonicalJson(request);
    if (last?.key !== key) last = { key, scans: await openScans(request, context) };
    return last.scans;
  };
  const describe: Job<OpenScansRequest, ScanSummary[]> = async (request, context) => {
    const scans = await open(request, context);
    return scans.map(summarizeScan);
  };
  const baselines: Job<LocalizationScans, BaselinesResult> = async (request, context) =>
    evaluateBaselines(request, await open(request.open, context), context);
  const pretrain: Job<PretrainRequest, PretrainedAll> = async (request, context) => {
    await useTensorFlow(env["MICROTOME_TFJS_ADDON"]);
    return pretrainAll(request, await open(request.open, context), context);
  };
  const localize: Job<LocalizeRequest, LocalizedSeed> = async (request, context) => {
    await useTensorFlow(env["MICROTOME_TFJS_ADDON"]);
    return localizeSeed(request, await open(request.open, context), context);
  };
  const split =
    <R>(
      evaluate: (
        request: SplitRequest,
        scans: readonly OpenedScan[],
        context: JobContext,
      ) => Promise<R>,
    ): Job<SplitRequest, R> =>
    async (request, context) => {
      await useTensorFlow(env["MICROTOME_TFJS_ADDON"]);
      return evaluate(request, await open(request.open, context), context);
    };
  return {
    open: describe,
    baselines,
    pretrain,
    localize,
    sorting: split<SortingSplitResult>(evaluateSortingSplit),
    rotation: split<RotationSplitResult>(evaluateRotationSplit),
  };
}
