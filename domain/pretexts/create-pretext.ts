import { IncompatibleCheckpoint, InvalidInput } from "../errors.ts";
import type { View } from "../localization/view.ts";
import { exportParameters, importParameters } from "../networks/parameters.ts";
import { createAdam } from "../training/adam.ts";
import { restoreCheckpoint, saveCheckpoint } from "../training/checkpoint.ts";
import { fit, freshState } from "../training/fit.ts";
import type { TrainingEnd, TrainingStep } from "../training/fit.ts";
import type { History } from "../training/history.ts";
import type { Learner } from "../training/learner.ts";
import { ROTATION_PLATEAU } from "../training/plateau.ts";
import { openEncoder, saveEncoder } from "./encoder-file.ts";
import { createRotationNetwork, createSortingNetwork } from "./pretext-network.ts";
import type { RotationNetwork, SortingNetwork } from "./pretext-network.ts";
import { checkPretrainConfig } from "./pretrain-config.ts";
import type { PretrainConfig } from "./pretrain-config.ts";
import { createRotationLearner } from "./rotation.ts";
import { createSliceSampler } from "./slice-sampler.ts";
import { createSortingLearner } from "./sorting.ts";
import { createSortingSampler } from "./sorting-sampler.ts";
import { sliceStencil, windowStencil } from "./stencil.ts";
import { createWindowSampler } from "./window-sampler.ts";

/** A pretraining in this process, between two steps whenever it is looked at. */
export interface Pretext {
  readonly config: PretrainConfig;
  readonly network: RotationNetwork | SortingNetwork;
  /** Steps done, and how they went. */
  progress(): { readonly step: number; readonly history: History };
  /**
   * Train from where it is to `config.steps`, yielding after every step. Stop by leaving the loop;
   * calling it again goes on.
   */
  train(): AsyncGenerator<TrainingStep, TrainingEnd, void>;
  /** Everything that a resume needs, as bytes. */
  checkpoint(): Uint8Array;
  /**
   * Go back to a checkpoint of the same configuration and views. Throws `IncompatibleCheckpoint`
   * or `CorruptData`.
   */
  restore(checkpoint: Uint8Array): void;
  /**
   * Start from a published encoder's weights instead of random ones: the encoder's, and the head's
   * where the pretext is the same. Before the first step only. Throws `IncompatibleCheckpoint`
   * when the architecture differs.
   */
  warmStart(encoder: Uint8Array): void;
  /** What is published: encoder and head as bytes, for `openEncoder`. */
  encoder(): Uint8Array;
  dispose(): void;
}

/** Gradients together longer than this are scaled down to it. */
const CLIP_NORM = 5;

/**
 * Set up the pretraining of an encoder on views. The same configuration and the same views in the
 * same order give the same weights.
 *
 * Throws `InvalidInput` for a configuration that cannot be trained, or views with nothing in them.
 */
export function createPretext(config: PretrainConfig, views: readonly View[]): Pretext {
  checkPretrainConfig(config);
  if (views.length === 0)
    throw new InvalidInput("Expected at least one view to train on, got none");
  const { learner, network } = createLearner(config, views);
  const adam = createAdam(network.parameters);
  const state = freshState();
  const training = { network, adam, state };
  return {
    config,
    network,
    progress: () => ({ ...state }),
    train: () =>
      fit(learner, adam, state, {
        steps: config.steps,
        rate: config.rate,
        warmup: config.warmup,
        seed: config.seed,
        clipNorm: CLIP_NORM,
        ...(config.pretext === "rotation" ? { plateau: ROTATION_PLATEAU } : {}),
      }),
    checkpoint: () => saveCheckpoint(training, config),
    restore: (bytes) => restoreCheckpoint(training, config, bytes),
    warmStart(bytes) {
      if (state.step > 0) {
        throw new InvalidInput(
          `Expected a warm start before the first step, got ${state.step} done`,
        );
      }
      const from = openEncoder(bytes);
      try {
        copyWeights(from.network, network);
      } finally {
        from.network.dispose();
      }
    },
    encoder: () => saveEncoder({ config, step: state.step, network }),
    dispose() {
      network.dispose();
      adam.dispose();
    },
  };
}

function createLearner(
  config: PretrainConfig,
  views: readonly View[],
): { readonly learner: Learner; readonly network: RotationNetwork | SortingNetwork } {
  const { imageSize, seed } = config;
  if (config.pretext === "sorting") {
    const sample = createSortingSampler(views, config);
    const network = createSortingNetwork(config, seed);
    const { flipInvariant = false } = config;
    return {
      network,
      learner: createSortingLearner(network, { sample, imageSize, flipInvariant }),
    };
  }
  const windows = config.view === "windows";
  const sample = windows ? createWindowSampler(views, config) : createSliceSampler(views, config);
  const stencil = windows ? windowStencil(config.windowSize) : sliceStencil(imageSize);
  const network = createRotationNetwork(config, seed);
  const { batchSize } = config;
  return { network, learner: createRotationLearner(network, { sample, stencil, batchSize }) };
}

function copyWeights(
  from: RotationNetwork | SortingNetwork,
  to: RotationNetwork | SortingNetwork,
): void {
  const [a, b] = [from.encoder.config, to.encoder.config];
  if (a.kind !== b.kind || a.width !== b.width) {
    throw new IncompatibleCheckpoint(
      `Expected an encoder ${b.kind} of width ${b.width}, got ${a.kind} of width ${a.width}`,
    );
  }
  importParameters(to.parts.encoder, exportParameters(from.parts.encoder));
  if (from.pretext === to.pretext) {
    importParameters(to.parts.head, exportParameters(from.parts.head));
  }
}
