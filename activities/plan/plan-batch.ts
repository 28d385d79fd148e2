import type { ResolvedBatch } from "../../schemas/batch.ts";
import { keys, STAGES } from "../../schemas/names.ts";
import { createBatchActivities } from "../batch.ts";
import type { ObjectStore } from "../deps.ts";
import { canonicalJson, sha256 } from "../stage/content-key.ts";
import { toJson } from "../stage/manifests.ts";
import { inParallel } from "../volumes/in-parallel.ts";
import { readEarlierKeys } from "./earlier-statuses.ts";
import { createOverlayStore } from "./overlay-store.ts";
import { planAnalyse } from "./plan-analyse.ts";
import { planLearning } from "./plan-learning.ts";
import { planPrepare, type PreparePlan } from "./plan-prepare.ts";
import type { PlannedBatch, PlanStep } from "./plan-types.ts";
import { createStageHistory } from "./stage-history.ts";

export interface PlanOptions {
  readonly trustSources: boolean;
  readonly repretrain: boolean;
  readonly signal: AbortSignal;
  /** Called after each scan whose source was looked at. */
  readonly onScan?: (done: number, of: number) => void;
}

/** Sources that are read at once; the keys of more scans are looked up at once, which is small. */
const SOURCES_AT_ONCE = 4;
const SCANS_AT_ONCE = 12;

/**
 * What submitting a batch now would do, scan by scan and stage by stage, without doing any of it:
 * sources and store are only read. Decisions and keys are made by what the workers themselves use.
 */
export async function planBatch(
  below: ObjectStore,
  batch: ResolvedBatch,
  options: PlanOptions,
): Promise<PlannedBatch> {
  const store = createOverlayStore(below);
  const spec = keys.batchSpec(batch.batch, sha256(canonicalJson(batch)));
  await store.put(spec, toJson(batch));
  const plan = await createBatchActivities({ store }).readBatch({
    ...{ batch: batch.batch, spec, resume: false },
  });
  const history = createStageHistory(store);
  const earlier = await readEarlierKeys(store, batch.batch);
  const past = { history, earlier };

  const prepared: PreparePlan[] = [];
  let done = 0;
  await inParallel(batch.scans.entries(), SOURCES_AT_ONCE, async ([index, scan]) => {
    options.signal.throwIfAborted();
    prepared[index] = await planPrepare(past, batch, scan, options);
    options.onScan?.(++done, batch.scans.length);
  });
  const asked = { batch, spec, plan, repretrain: options.repretrain };
  const learned = await planLearning(store, past, asked, prepared);
  const analysed: PlanStep[][] = [];
  await inParallel(prepared.entries(), SCANS_AT_ONCE, async ([index, scan]) => {
    analysed[index] = await planAnalyse(store, past, batch, plan, scan, learned);
  });

  const perScan = prepared.flatMap(({ steps }, index) => [...steps, ...(analysed[index] ?? [])]);
  const steps = [...perScan, ...learned.steps];
  const stages = new Set(steps.filter(({ decision }) => decision !== "reuse").map((s) => s.stage));
  const cut: string[] = [];
  for (const stage of STAGES) {
    if (stages.has(stage) && (await history.sample(stage)).cut) cut.push(stage);
  }
  return {
    ...{ batch: batch.batch, scans: batch.scans.length, steps },
    notes: [
      ...learned.notes,
      ...(cut.length === 0 ? [] : [`Not all past runs were looked through: ${cut.join(", ")}`]),
      ...(earlier.cut ? ["Not all earlier batches were looked through"] : []),
    ],
  };
}
