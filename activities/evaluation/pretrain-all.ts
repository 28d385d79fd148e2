import type { JobContext } from "../engine/job.ts";
import { EASIER } from "../training/restarts.ts";
import type { PretrainRequest } from "./localization-request.ts";
import type { OpenedScan } from "./open-scans.ts";
import { runSplit } from "./run-split.ts";
import type { TrainedWithin } from "./train-within.ts";

/** How a pretraining on all scans went. Plain JSON. */
export interface PretrainedAll extends TrainedWithin<null> {
  /** Steps at chance before it was begun anew with easier tasks first; absent: it was not. */
  readonly restartedAfter?: number;
}

/**
 * Pretrain on all scans, as a campaign does without an earlier encoder of its collection: what stays
 * at chance is begun anew with easier tasks first, once. Writes the encoder to `request.encoder`.
 */
export async function pretrainAll(
  request: PretrainRequest,
  scans: readonly OpenedScan[],
  context: JobContext,
): Promise<PretrainedAll> {
  const train = async (given: PretrainRequest) => {
    const { network, trained } = await runSplit(given, scans, context, nothing);
    network.dispose();
    return trained;
  };
  const first = await train(request);
  const easier = request.warmStart === undefined && request.config.curriculum === undefined;
  if (first.end !== "plateau" || !easier) return first;
  const { seconds } = request.budget;
  const budget = seconds === undefined ? request.budget : { seconds: seconds - first.seconds };
  const config = { ...request.config, curriculum: EASIER };
  const second = await train({ ...request, config, budget });
  return { ...second, seconds: first.seconds + second.seconds, restartedAfter: first.steps };
}

async function nothing(): Promise<null> {
  return null;
}
