import { isDomainError } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import type { Stage } from "../../schemas/names.ts";
import type { BatchPlan, ReconcileResult } from "../../schemas/stages.ts";
import type { ObjectStore } from "../deps.ts";
import { modelKey } from "../segment.ts";
import {
  cropParts,
  localizeParts,
  reconcileParts,
  refinedParts,
  segmentParts,
} from "../stage-parts.ts";
import type { Learned } from "./plan-learning.ts";
import type { PreparePlan } from "./plan-prepare.ts";
import { failingStep, type Past, planStep, unknownStep } from "./plan-step.ts";
import type { PlanStep } from "./plan-types.ts";

const AXES = ["z", "y", "x"] as const;

/** What analysing one scan would do: localize, refine, reconcile, crop, segment. */
export async function planAnalyse(
  store: ObjectStore,
  past: Past,
  { localize, pretrain }: ResolvedBatch,
  { model, refineFrom }: Pick<BatchPlan, "model" | "refineFrom">,
  { scan, volume, view }: PreparePlan,
  { encoder, refiner, calibration, pending, failed }: Learned,
): Promise<PlanStep[]> {
  const byHand = scan.box;
  if (volume === undefined || (failed === true && byHand === undefined)) return [];
  const about = { scan: scan.id };
  const steps: PlanStep[] = [];
  const unknown = async (stage: Stage, until: string) =>
    void steps.push(await unknownStep(past, { ...about, stage }, until));
  const unknownAxes = async (stage: Stage, until: string) => {
    for (const part of AXES) {
      steps.push(await unknownStep(past, { ...about, stage, part }, until));
    }
  };
  const then = async (reconciled: string) => {
    await unknown("crop", reconciled);
    if (model !== undefined) await unknown("segment", "crop");
    return steps;
  };
  const looked = byHand === undefined;
  const refines =
    refiner !== undefined ||
    pending === "refine" ||
    (pending === "pretrain" && refineFrom !== undefined && pretrain.view === "windows");
  const learns = encoder !== undefined || pending === "pretrain";
  if (view === undefined || pending === "pretrain") {
    const until = pending === "pretrain" ? "pretrain" : "suppress";
    if (looked && learns) await unknownAxes("localize", until);
    if (looked && refines) await unknownAxes("refine", until);
    await unknown("reconcile", until);
    return then("reconcile");
  }

  const profiles: string[] = [];
  if (looked && encoder !== undefined) {
    for (const [axis, part] of AXES.entries()) {
      const parts = localizeParts(view, encoder, axis, localize);
      const { step, key } = await planStep(past, { ...about, part }, parts);
      steps.push(step);
      profiles.push(key);
    }
  }
  if (looked && pending === "refine") {
    await unknownAxes("refine", "the refinement network is learned");
    await unknown("reconcile", "refine");
    return then("reconcile");
  }
  const refined: string[] = [];
  if (refiner !== undefined && profiles.length > 0) {
    for (const [axis, part] of AXES.entries()) {
      const parts = refinedParts(view, refiner, axis);
      const { step, key } = await planStep(past, { ...about, part }, parts);
      steps.push(step);
      refined.push(key);
    }
  }
  const seen = {
    volume,
    view,
    profiles,
    ...{ byHand, calibration },
    refined: refined.length === 0 ? undefined : refined,
  };
  const method = encoder === undefined ? "energy" : localize.method;
  const decided = await planStep(past, about, reconcileParts(seen, method, localize));
  steps.push(decided.step);
  if (decided.found === undefined) return then("reconcile");
  const { box, margin } = decided.found.result as unknown as ReconcileResult;
  if (box === undefined || margin === undefined) return steps;
  const why = { reconcile: decided.key, encoder: encoder?.key };
  const cut = await planStep(past, about, cropParts(volume, { box, margin }, why));
  steps.push(cut.step);
  if (model === undefined) return steps;
  try {
    const parts = segmentParts(cut.key, await modelKey(store, model));
    steps.push((await planStep(past, about, parts)).step);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    steps.push(failingStep({ ...about, stage: "segment" }, error.message));
  }
  return steps;
}
