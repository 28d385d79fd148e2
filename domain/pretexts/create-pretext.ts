import { InvalidInput } from "../errors.ts";
import type { View } from "../localization/view.ts";
import type { Arrays } from "../training/arrays.ts";
import { evaluate } from "../training/evaluate.ts";
import type { TrainingEnd, TrainingStep } from "../training/fit.ts";
import type { FitState } from "../training/fit-state.ts";
import type { CreateStepRunner } from "../training/step-program.ts";
import { createTrainer } from "../training/trainer.ts";
import type { Trainer } from "../training/trainer.ts";
import { createBatchSource } from "./create-batch-source.ts";
import { createLearner } from "./create-learner.ts";
import { saveEncoder } from "./encoder-file.ts";
import { createPretextNetwork } from "./create-pretext-network.ts";
import type { PretextNetwork } from "./create-pretext-network.ts";
import { checkPretrainConfig } from "./pretrain-config.ts";
import type { PretrainConfig } from "./pretrain-config.ts";
import { splitViews } from "./split-views.ts";
import { trainerOptions } from "./trainer-options.ts";
import { warmStartFrom } from "./warm-start.ts";

/** A pretraining in this process, between two steps whenever it is looked at. */
export interface Pretext {
  readonly config: PretrainConfig;
  readonly network: PretextNetwork;
  /** Steps done, and how they went. */
  progress(): Readonly<FitState>;
  /**
   * Train from where it is to `config.steps`, yielding after every step. Stop by leaving the loop;
   * calling it again goes on. Throws `Diverged`.
   */
  train(): AsyncGenerator<TrainingStep, TrainingEnd, void>;
  /** Everything that a resume needs, as bytes. */
  checkpoint(): Promise<Uint8Array>;
  /**
   * Go back to a checkpoint of the same configuration and views. Throws `IncompatibleCheckpoint`
   * or `CorruptData`.
   */
  restore(checkpoint: Uint8Array): Promise<void>;
  /** After `Diverged` and a `restore`: go on at this share of the rate. */
  slowDown(rateScale: number): void;
  /** The views that are measured on; all of them where none is held out. */
  readonly judgedBy: readonly View[];
  /** Do something with the network as it would be published now. Between two steps. */
  published<T>(work: () => Promise<T>): Promise<T>;
  /**
   * What is published: encoder and head as bytes, for `openEncoder`; of their average, where one is
   * kept.
   */
  encoder(): Promise<Uint8Array>;
  dispose(): void;
}

/** What a pretraining may bring besides its configuration; none of it is in the checkpoint. */
export interface PretextOptions {
  /** What the training is besides its configuration; checkpoints of another one are refused. */
  readonly identity?: string;
  /**
   * A published encoder to start from instead of random weights: the encoder's, and the head's
   * where the pretext is the same.
   */
  readonly warmStart?: Uint8Array;
  /** How steps are run. @default as they are written */
  readonly createRunner?: CreateStepRunner;
  /** Draws batches elsewhere: given the views that are trained on. @default here, when needed */
  readonly createDraw?: (config: PretrainConfig, views: readonly View[]) => Promise<AheadSource>;
  /** Milliseconds; without it no step is timed. */
  readonly clock?: () => number;
}

/** A source of batches that works ahead. */
export interface AheadSource {
  readonly draw: (batch: number) => Promise<Arrays>;
  close(): Promise<void>;
}

/** Batches that a validation is measured on, the same every time. */
const VALIDATION_BATCHES = 16;

/**
 * Set up the pretraining of an encoder on views. The same configuration and the same views in the
 * same order give the same weights.
 *
 * Throws `InvalidInput` for a configuration that cannot be trained, or views with nothing in them,
 * and `IncompatibleCheckpoint` for a warm start from another architecture.
 */
export async function createPretext(
  config: PretrainConfig,
  views: readonly View[],
  { identity, warmStart, createRunner, createDraw, clock }: PretextOptions = {},
): Promise<Pretext> {
  checkPretrainConfig(config);
  if (views.length === 0)
    throw new InvalidInput("Expected at least one view to train on, got none");
  const split = splitViews(views.length, config.validation ?? 0, config.seed);
  const trained = split.training.map((i) => views[i]!);
  const held = split.validation.map((i) => views[i]!);
  const { accumulate = 1 } = config;
  const network = createPretextNetwork(config);
  let ahead: AheadSource | undefined;
  try {
    ahead = await createDraw?.(config, trained);
    const draw = ahead?.draw ?? createBatchSource(config, trained);
    if (warmStart !== undefined) warmStartFrom(warmStart, network);
    const learner = createLearner(network, config);
    const measured = held.length === 0 ? undefined : createBatchSource(asMeasured(config), held);
    const trainer: Trainer = await createTrainer(
      learner,
      {
        draw: (step, batch) => draw((step - 1) * accumulate + batch + 1),
        ...(measured === undefined
          ? {}
          : { validate: () => trainer.published(() => evaluate(learner, batches(measured))) }),
      },
      {
        ...trainerOptions(config),
        ...(createRunner === undefined ? {} : { createRunner }),
        ...(clock === undefined ? {} : { clock }),
      },
    );
    const named = identity === undefined ? config : { ...config, identity };
    return {
      config,
      network,
      progress: () => ({ ...trainer.state }),
      train: () => trainer.train(),
      judgedBy: held.length > 0 ? held : views,
      checkpoint: () => trainer.checkpoint(named),
      restore: (bytes) => trainer.restore(bytes, named),
      slowDown: (rateScale) => trainer.slowDown(rateScale),
      published: (work) => trainer.published(work),
      encoder: () =>
        trainer.published(() =>
          Promise.resolve(saveEncoder({ config, step: trainer.state.step, network })),
        ),
      dispose() {
        void ahead?.close();
        trainer.dispose();
        network.dispose();
      },
    };
  } catch (error) {
    void ahead?.close();
    network.dispose();
    throw error;
  }
}

/**
 * As a held-out scan is looked at: the full task, slices as they are (the authors' code augments
 * them, which their results then depend on). Contrastive pretexts have no task without augmentation.
 */
function asMeasured(config: PretrainConfig): PretrainConfig {
  const plain = config.pretext === "sorting" ? ({ augmentation: "none" } as const) : {};
  return { ...config, ...plain, accumulate: 1, curriculum: [] };
}

function* batches(source: (batch: number) => Arrays): Generator<Arrays> {
  for (let i = 1; i <= VALIDATION_BATCHES; i++) yield source(i);
}
