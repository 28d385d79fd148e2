import { IncompatibleCheckpoint, InvalidInput } from "../errors.ts";
import type { View } from "../localization/view.ts";
import { exportParameters, importParameters } from "../networks/parameters.ts";
import { loadWeights, toWeights } from "../networks/weights.ts";
import type { Arrays } from "../training/arrays.ts";
import { evaluate } from "../training/evaluate.ts";
import type { TrainingEnd, TrainingStep } from "../training/fit.ts";
import type { FitState } from "../training/fit-state.ts";
import { RECENT } from "../training/history.ts";
import { ROTATION_PLATEAU } from "../training/plateau.ts";
import type { PlateauRule } from "../training/plateau.ts";
import type { CreateStepRunner } from "../training/step-program.ts";
import { createTrainer } from "../training/trainer.ts";
import type { TrainerOptions } from "../training/trainer.ts";
import { createBatchSource } from "./create-batch-source.ts";
import { createLearner } from "./create-learner.ts";
import { openEncoder, saveEncoder } from "./encoder-file.ts";
import { createPretextNetwork } from "./create-pretext-network.ts";
import type { PretextNetwork } from "./create-pretext-network.ts";
import { checkPretrainConfig, CLIP_NORM } from "./pretrain-config.ts";
import type { PretrainConfig } from "./pretrain-config.ts";
import { splitViews } from "./split-views.ts";

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
  /**
   * What is published: encoder and head as bytes, for `openEncoder`; of their average, where one is
   * kept.
   */
  encoder(): Promise<Uint8Array>;
  dispose(): void;
}

/** What a pretraining may bring besides its configuration; none of it is in the checkpoint. */
export interface PretextOptions {
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
  { warmStart, createRunner, createDraw, clock }: PretextOptions = {},
): Promise<Pretext> {
  checkPretrainConfig(config);
  if (views.length === 0)
    throw new InvalidInput("Expected at least one view to train on, got none");
  const split = splitViews(views.length, config.validation ?? 0, config.seed);
  const trained = split.training.map((i) => views[i]!);
  const held = split.validation.map((i) => views[i]!);
  const { accumulate = 1 } = config;
  const ahead = await createDraw?.(config, trained);
  const draw = ahead?.draw ?? createBatchSource(config, trained);
  const network = createPretextNetwork(config);
  try {
    if (warmStart !== undefined) copyWeights(warmStart, network);
    const learner = createLearner(network, config);
    const measured =
      held.length === 0
        ? undefined
        : createBatchSource({ ...config, accumulate: 1, curriculum: [] }, held);
    const trainer = await createTrainer(
      learner,
      {
        draw: (step, batch) => draw((step - 1) * accumulate + batch + 1),
        ...(measured === undefined ? {} : { validate: () => evaluate(learner, batches(measured)) }),
      },
      {
        ...trainerOptions(config),
        ...(createRunner === undefined ? {} : { createRunner }),
        ...(clock === undefined ? {} : { clock }),
      },
    );
    return {
      config,
      network,
      progress: () => ({ ...trainer.state }),
      train: () => trainer.train(),
      checkpoint: () => trainer.checkpoint(config),
      restore: (bytes) => trainer.restore(bytes, config),
      slowDown: (rateScale) => trainer.slowDown(rateScale),
      async encoder() {
        await trainer.pull();
        const { statistics } = network;
        const parameters = trainer.average ?? network.parameters;
        return saveEncoder({
          config,
          step: trainer.state.step,
          network: { parameters, statistics },
        });
      },
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

function* batches(source: (batch: number) => Arrays): Generator<Arrays> {
  for (let i = 1; i <= VALIDATION_BATCHES; i++) yield source(i);
}

/** Training's part of a configuration, with what is not said left to the trainer. */
function trainerOptions(config: PretrainConfig): TrainerOptions {
  const { steps, rate, warmup, seed, accumulate = 1, optimizer = { kind: "adam" } } = config;
  const { decay, ema, validateEvery, patience = 0, clipNorm = CLIP_NORM } = config;
  return {
    ...{ steps, rate, warmup, seed, accumulate, optimizer },
    clipNorm: clipNorm === 0 ? Infinity : clipNorm,
    ...(decay === undefined ? {} : { decay }),
    ...(ema === undefined ? {} : { ema }),
    ...(validateEvery === undefined ? {} : { validateEvery }),
    ...(patience === 0 ? {} : { patience }),
    ...(config.pretext === "rotation" ? { plateau: plateauOf(config) } : {}),
  };
}

/** Guessing costs less while there are fewer angles: judged once the full task has had its time. */
function plateauOf({ steps, curriculum = [] }: PretrainConfig): PlateauRule {
  const easy = Math.ceil((curriculum.at(-1)?.until ?? 0) * steps);
  return { ...ROTATION_PLATEAU, step: Math.max(ROTATION_PLATEAU.step, easy + RECENT) };
}

function copyWeights(bytes: Uint8Array, to: PretextNetwork): void {
  const { network: from } = openEncoder(bytes);
  try {
    const [a, b] = [from.encoder.config, to.encoder.config];
    if (a.kind !== b.kind || a.width !== b.width) {
      throw new IncompatibleCheckpoint(
        `Expected an encoder ${b.kind} of width ${b.width}, got ${a.kind} of width ${a.width}`,
      );
    }
    importParameters(to.parts.encoder, exportParameters(from.parts.encoder));
    if (from.pretext === to.pretext) loadWeights(to, toWeights(from));
    if (to.pretext === "mocov3") to.momentum.copy();
  } finally {
    from.dispose();
  }
}
