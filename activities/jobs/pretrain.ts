import { createPretext, type Pretext } from "../../domain/pretexts/create-pretext.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { TrainingEnd, TrainingStep } from "../../domain/training/fit.ts";
import { recentLoss } from "../../domain/training/history.ts";
import type { PretrainParameters } from "../../schemas/batch.ts";
import type { LossCurve } from "../../schemas/campaign.ts";
import type { KeyParts, Output } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { CampaignSpec } from "../../schemas/stages.ts";
import { NotFound } from "../../domain/errors.ts";
import { breathe } from "../engine/breathe.ts";
import type { Job, JobContext } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import { stoppedParts } from "../pretrain-key.ts";
import type { TrainingRound } from "../pretrain.ts";
import { createCheckpoints } from "../stage/checkpoints.ts";
import { contentKey } from "../stage/content-key.ts";
import { toJson } from "../stage/manifests.ts";
import { readView } from "../stage/view-store.ts";
import { putObject } from "../volumes/put-object.ts";
import type { JobDeps } from "./index.ts";

export interface PretrainJob {
  readonly spec: CampaignSpec;
  /** The round ends at the first step after this long. */
  readonly seconds: number;
  /** Publish what there is instead of training. */
  readonly publish: boolean;
  readonly parts: KeyParts;
}

/** Views have this bin wherever they come from; see `jobs/suppress.ts`. */
const BIN = 2;

/**
 * One round of a campaign: from its newest valid checkpoint, until its time is over or it has
 * finished. Cancelled or told to shut down, it saves before it goes.
 */
export function createPretrainJob({ store, addon }: JobDeps): Job<PretrainJob, TrainingRound> {
  return async function pretrain(input, context) {
    const { spec } = input;
    const deadline = Date.now() + input.seconds * 1000;
    await useTensorFlow(addon);
    context.progress({ fraction: 0, note: "reading the views" });
    const views = [];
    // In the order of their keys, so that the same scans in another order train the same encoder.
    for (const key of spec.views.map((view) => view.key).sort()) {
      context.signal.throwIfAborted();
      views.push(await readView(store, { key, bin: BIN }));
    }
    const pretext = createPretext(toConfig(spec.parameters as PretrainParameters), views);
    try {
      const checkpoints = createCheckpoints(store, spec.campaign);
      const restored = await checkpoints.restoreNewest((bytes) => pretext.restore(bytes));
      if (restored === 0 && spec.warmStart !== undefined) {
        const bytes = await store.get(`${keys.encoder(spec.warmStart)}/encoder.bin`);
        if (bytes === undefined) throw new NotFound(`There is no encoder ${spec.warmStart}`);
        pretext.warmStart(bytes);
      }
      const save = () => checkpoints.save(pretext.progress().step, pretext.checkpoint());
      const end = input.publish
        ? { state: "finished" as const }
        : await trainUntil(pretext, deadline, spec.parameters.checkpointEvery, save, context);
      const { step, history } = pretext.progress();
      const round = {
        step,
        loss: finite(recentLoss(history)),
        ...metricOf(pretext.config, history.metric.at(-1)),
      };
      // Stopped before its first checkpoint, there is nothing to publish: random weights are no encoder.
      if (end.state !== "finished" || step === 0) {
        return { ...round, state: end.state, outputs: [] };
      }

      const key = contentKey(input.publish ? stoppedParts(input.parts, step) : input.parts);
      const outputs = await publish(pretext, key);
      const { view, pretext: task, encoder } = pretext.config;
      return {
        ...round,
        state: "finished",
        encoder: { key, view, pretext: task, encoder },
        outputs,
      };
    } finally {
      pretext.dispose();
    }
  };

  /** Store the encoder, its learning curve, and what it is, for people. */
  async function publish(pretext: Pretext, key: string): Promise<Output[]> {
    const { step, history } = pretext.progress();
    const curve: LossCurve = {
      steps: history.steps,
      loss: history.loss,
      ...(pretext.config.pretext === "rotation"
        ? { accuracy: history.metric }
        : { displacement: history.metric }),
    };
    const prefix = keys.encoder(key);
    return [
      await putObject(store, `${prefix}/encoder.bin`, pretext.encoder()),
      await putObject(store, `${prefix}/encoder.json`, toJson({ step, config: pretext.config })),
      await putObject(store, `${prefix}/curve.json`, toJson(curve)),
    ];
  }
}

async function trainUntil(
  pretext: Pretext,
  deadline: number,
  checkpointEvery: number,
  save: () => Promise<void>,
  { signal, progress }: JobContext,
): Promise<{ readonly state: "running" | TrainingEnd["state"] }> {
  const steps = pretext.train();
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
    const { step } = next.value;
    progress({ fraction: step / pretext.config.steps, note: describe(next.value, pretext.config) });
    await breathe();
    if (signal.aborted) {
      await save();
      signal.throwIfAborted();
    }
    const late = Date.now() >= deadline && step < pretext.config.steps;
    if (late || step % checkpointEvery === 0) await save();
    if (late) return { state: "running" };
  }
}

function describe(
  { step, loss, accuracy, displacement }: TrainingStep,
  { steps, pretext }: PretrainConfig,
): string {
  const metric =
    accuracy !== undefined
      ? `, accuracy ${accuracy.toFixed(2)}`
      : displacement !== undefined
        ? `, displacement ${displacement.toFixed(2)}`
        : "";
  return `${pretext}: step ${step} of ${steps}, loss ${loss.toFixed(3)}${metric}`;
}

function toConfig(parameters: PretrainParameters): PretrainConfig {
  const { view, pretext, encoder, width, steps, batchSize, rate, seed, warmup } = parameters;
  const { windowSize, imageSize, twinRange, flipInvariant } = parameters;
  return {
    ...{ view, pretext, encoder, width, steps, batchSize, rate, seed, warmup },
    ...{ windowSize, imageSize, twinRange, flipInvariant },
    slicesPerBatch: pretext === "sorting" ? batchSize : 2,
  };
}

/** The curve's last point, under the name of what the pretext measures. */
function metricOf({ pretext }: PretrainConfig, value: number | undefined) {
  if (value === undefined) return {};
  return pretext === "rotation" ? { accuracy: value } : { displacement: value };
}

/** JSON knows no NaN: before the first step there is no loss. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
