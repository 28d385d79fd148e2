import type { View } from "../../domain/localization/view.ts";
import { createPretext, type Pretext } from "../../domain/pretexts/create-pretext.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import { bestValidation } from "../../domain/training/fit-state.ts";
import { recentLoss } from "../../domain/training/history.ts";
import type { PretrainParameters } from "../../schemas/batch.ts";
import type { KeyParts } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { CampaignSpec } from "../../schemas/stages.ts";
import { NotFound } from "../../domain/errors.ts";
import type { ObjectStore } from "../deps.ts";
import type { Job, JobContext } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import { restartedParts, stoppedParts } from "../pretrain-key.ts";
import type { TrainingRound } from "../pretrain.ts";
import { createCheckpoints } from "../stage/checkpoints.ts";
import { contentKey } from "../stage/content-key.ts";
import { findEncoder } from "../stage/find-encoder.ts";
import { readView } from "../stage/view-store.ts";
import { diagnosePretext } from "../training/diagnose.ts";
import { chooseRunner } from "../training/choose-runner.ts";
import { createDrawAhead } from "../training/draw-ahead.ts";
import { publishEncoder } from "../training/publish-encoder.ts";
import { currentRestart, nextRestart } from "../training/restarts.ts";
import type { Restart } from "../training/restarts.ts";
import { toPretrainConfig } from "../training/to-pretrain-config.ts";
import { shareViews } from "../training/share-views.ts";
import { trainRound } from "../training/train-round.ts";
import { createTrainingLog } from "../training/training-log.ts";
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
  return async function pretrain({ spec, seconds, publish, parts }, context) {
    const deadline = Date.now() + seconds * 1000;
    await useTensorFlow(addon);
    const { campaign } = spec;
    const restart = await currentRestart(store, spec);
    const notes: string[] = restart === undefined ? [] : [restart.reason];
    const config = toPretrainConfig(spec.parameters as PretrainParameters, restart);
    const views = await readViews(store, spec, context);
    const notice = (note: string) => void notes.push(note);
    const pretext = await openPretext(store, spec, config, { views, restart, notice }, context);
    try {
      // Each beginning has its own: a checkpoint of the last one is of another training.
      const begun = restart === undefined ? campaign : restartName(spec, restart);
      const bestKey = (step: number) => keys.campaignBest(begun, spec.key, step);
      const checkpoints = createCheckpoints(store, begun);
      await checkpoints.restoreNewest((bytes) => pretext.restore(bytes));
      const end = publish
        ? ({ state: "finished" } as const)
        : await trainRound(
            pretext,
            {
              ...{ deadline, now: Date.now, checkpoints },
              checkpointEvery: spec.parameters.checkpointEvery,
              log: createTrainingLog(store, begun, { now: Date.now }),
              keepBest: async (step) => store.put(bestKey(step), await pretext.encoder()),
              notice,
            },
            context,
          );
      const shortcut =
        pretext.progress().step === 0 ? undefined : await diagnosePretext(pretext, context);
      const round = {
        ...roundOf(pretext),
        ...(shortcut === undefined ? {} : { shortcut }),
        ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
        outputs: [],
      };
      if (end.state === "plateau") {
        const next = await nextRestart(store, spec, config, restart);
        // The next round begins anew.
        if (next !== undefined) return { ...round, state: "running" };
      }
      // Stopped before its first step, there is nothing to publish: random weights are no encoder.
      if (end.state !== "finished" || round.step === 0) return { ...round, state: end.state };

      const whole = restart === undefined ? parts : restartedParts(parts, restart);
      const own = publish ? stoppedParts(whole, round.step) : whole;
      const key = contentKey(own);
      const outputs = await publishEncoder(store, pretext, {
        key,
        bestKey,
        ...(shortcut === undefined ? {} : { shortcut }),
      });
      const { view, pretext: task, encoder } = config;
      return {
        ...round,
        state: "finished",
        encoder: { key, view, pretext: task, encoder },
        parts: own,
        outputs,
      };
    } finally {
      pretext.dispose();
    }
  };
}

async function readViews(
  store: ObjectStore,
  spec: CampaignSpec,
  { progress, signal }: JobContext,
): Promise<readonly View[]> {
  progress({ fraction: 0, note: "reading the views" });
  const views: View[] = [];
  // In the order of their keys, so that the same scans in another order train the same encoder.
  for (const key of spec.views.map((view) => view.key).sort()) {
    signal.throwIfAborted();
    views.push(await readView(store, { key, bin: BIN }));
  }
  return shareViews(views);
}

interface Beginning {
  readonly views: readonly View[];
  readonly restart: Restart | undefined;
  /** Told what happens in words, where it is more than training. */
  readonly notice: (note: string) => void;
}

/** Where a training that was begun anew keeps its state, under `campaigns/`. */
function restartName({ campaign, key }: CampaignSpec, { number }: Restart): string {
  return `${campaign}/restarts/${key.slice(0, 12)}/${number}`;
}

async function openPretext(
  store: ObjectStore,
  spec: CampaignSpec,
  config: PretrainConfig,
  { views, restart, notice }: Beginning,
  { signal }: JobContext,
): Promise<Pretext> {
  const from = restart?.warmStart ?? spec.warmStart;
  return createPretext(config, views, {
    // Views and warm start are in the key, too: a campaign's name may be used again.
    identity: spec.key,
    ...(from === undefined ? {} : { warmStart: await readEncoder(store, from) }),
    createRunner: chooseRunner(config, notice),
    createDraw: (config, views) => {
      const last = config.steps * (config.accumulate ?? 1);
      return createDrawAhead({ config, views, signal, last });
    },
    clock: () => performance.now(),
  });
}

async function readEncoder(store: ObjectStore, key: string): Promise<Uint8Array> {
  const bytes = await findEncoder(store, key);
  if (bytes === undefined) throw new NotFound(`There is no encoder ${key}`);
  return bytes;
}

/** Where a campaign is, for whoever watches. JSON knows no NaN: before the first step there is no loss. */
function roundOf(pretext: Pretext): Omit<TrainingRound, "state" | "outputs"> {
  const { step, history, validations } = pretext.progress();
  const loss = recentLoss(history);
  const metric = history.metric.at(-1);
  const best = bestValidation(validations);
  return {
    step,
    loss: Number.isFinite(loss) ? loss : 0,
    ...(metric === undefined ? {} : { [metricName(pretext.config)]: metric }),
    ...(best === undefined ? {} : { best }),
  };
}

/** The curve's points, under the name of what the pretext measures. */
function metricName({ pretext }: PretrainConfig): "accuracy" | "displacement" {
  return pretext === "sorting" ? "displacement" : "accuracy";
}
