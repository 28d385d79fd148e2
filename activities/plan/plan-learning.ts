import { isDomainError } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import type { BatchPlan } from "../../schemas/stages.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import type { ObjectStore } from "../deps.ts";
import { createChooseCalibration } from "../calibration/choose-calibration.ts";
import { createEncoderActivities } from "../encoder.ts";
import { pretrainParts } from "../pretrain-key.ts";
import { contentKey } from "../stage/content-key.ts";
import { localizeParts, refineParts, refineScans } from "../stage-parts.ts";
import type { PreparePlan } from "./plan-prepare.ts";
import { failingStep, type Past, planStep, unknownStep } from "./plan-step.ts";
import type { PlanStep } from "./plan-types.ts";

/** With what scans would be analysed. */
export interface Learned {
  readonly steps: readonly PlanStep[];
  readonly notes: readonly string[];
  readonly encoder?: EncoderRef;
  readonly refiner?: string;
  /** The calibration that conformal margins would come from. */
  readonly calibration?: string;
  /** What has to be learned before anything can be said of the scans that wait for it. */
  readonly pending?: "pretrain" | "refine";
  /** Nothing can be analysed. */
  readonly failed?: boolean;
}

interface Asked {
  readonly batch: ResolvedBatch;
  /** Key of the specification in `store`. */
  readonly spec: string;
  readonly plan: BatchPlan;
  readonly repretrain: boolean;
}

/** What would be learned, or used again. @param store what is written to it must be lost */
export async function planLearning(
  store: ObjectStore,
  past: Past,
  asked: Asked,
  prepared: readonly PreparePlan[],
): Promise<Learned> {
  const { batch, spec, plan } = asked;
  const calibration =
    plan.conformal === undefined
      ? undefined
      : (
          await createChooseCalibration({ store })({
            ...{ batch: batch.batch, spec },
            renew: false,
          })
        ).key;
  const learned = await planNetworks(store, past, asked, prepared, calibration);
  return { ...learned, ...(calibration === undefined ? {} : { calibration }) };
}

async function planNetworks(
  store: ObjectStore,
  past: Past,
  { batch, spec, plan, repretrain }: Asked,
  prepared: readonly PreparePlan[],
  calibration: string | undefined,
): Promise<Learned> {
  const ready = prepared.filter(({ volume }) => volume !== undefined);
  const waiting = ready.filter(({ scan }) => scan.box === undefined);
  if (waiting.length === 0) return { steps: [], notes: [] };
  const blind = ready.filter(({ view }) => view === undefined).length;
  const scans = ready.map(({ scan, view }) => ({ scan: scan.id, key: view ?? `?${scan.id}` }));
  let choice;
  try {
    const activities = createEncoderActivities({ store });
    choice = await activities.chooseEncoder({
      ...{ batch: batch.batch, spec, scans, repretrain },
      ...(calibration === undefined ? {} : { calibration }),
    });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { steps: [failingStep({ stage: "pretrain" }, error.message)], notes: [], failed: true };
  }
  if (choice.kind === "none") return { steps: [], notes: [choice.reason] };
  if (choice.kind === "train") {
    const steps = [
      blind > 0
        ? await unknownStep(past, { stage: "pretrain" }, "suppress")
        : (
            await planStep(
              past,
              {},
              pretrainParts(
                batch.pretrain,
                scans.map(({ key }) => key),
              ),
            )
          ).step,
    ];
    if (plan.refineFrom !== undefined && batch.pretrain.view === "windows") {
      steps.push(await unknownStep(past, { stage: "refine", part: "network" }, "pretrain"));
    }
    return { steps, notes: [choice.note], pending: "pretrain" };
  }
  const { encoder, note } = choice;
  const summary = "the encoder is there";
  const used = { stage: "pretrain", decision: "reuse", key: encoder.key } as const;
  const steps: PlanStep[] = [{ ...used, reason: note, summary }];
  const about = { notes: [note], encoder };
  const network = { stage: "refine", part: "network" } as const;
  if (choice.refiner !== undefined) {
    const pinned = "pinned by this batch";
    const reuse = {
      decision: "reuse",
      key: choice.refiner,
      reason: pinned,
      summary: pinned,
    } as const;
    return { ...about, steps: [...steps, { ...network, ...reuse }], refiner: choice.refiner };
  }
  if (plan.refineFrom === undefined || encoder.view !== "windows") return { ...about, steps };
  if (waiting.length < plan.refineFrom) {
    const few = `Only ${waiting.length} of at least ${plan.refineFrom} scans to learn a refinement from`;
    return { ...about, notes: [note, few], steps };
  }
  const seen = waiting.flatMap(({ view }) => (view === undefined ? [] : [look(view)]));
  if (seen.length < waiting.length) {
    steps.push(await unknownStep(past, network, "suppress"));
    return { ...about, steps, pending: "refine" };
  }
  const parameters = { steps: batch.localize.refineSteps, seed: batch.pretrain.seed };
  const learned = await planStep(
    past,
    { part: "network" },
    refineParts(refineScans(seen), parameters),
  );
  steps.push(learned.step);
  const refiner = learned.found?.result["refiner"];
  return {
    ...about,
    steps,
    ...(typeof refiner === "string" ? { refiner } : { pending: "refine" }),
  };

  function look(view: string) {
    const profiles = [0, 1, 2].map((axis) =>
      contentKey(localizeParts(view, encoder, axis, batch.localize)),
    );
    return { view: { key: view }, profiles };
  }
}
