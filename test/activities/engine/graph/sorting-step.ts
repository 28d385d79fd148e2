import * as tf from "@tensorflow/tfjs";
import { createEncoder } from "../../../../domain/networks/create-encoder.ts";
import type { EncoderConfig } from "../../../../domain/networks/encoder.ts";
import { createNetwork } from "../../../../domain/networks/network.ts";
import { createSortingHead } from "../../../../domain/networks/sorting-head.ts";
import { marginRankingLoss } from "../../../../domain/pretexts/margin-ranking-loss.ts";
import { createRandom } from "../../../../domain/random.ts";
import type { Arrays } from "../../../../domain/training/arrays.ts";
import { createOptimizer } from "../../../../domain/training/create-optimizer.ts";
import type { Learner } from "../../../../domain/training/learner.ts";
import type { OptimizerConfig } from "../../../../domain/training/optimizer.ts";
import type { StepProgram } from "../../../../domain/training/step-program.ts";
import { createTrainStep, stepInputs } from "../../../../domain/training/train-step.ts";

export interface SortingStepOptions {
  readonly encoder: EncoderConfig;
  readonly batch: number;
  readonly size: number;
  readonly optimizer?: OptimizerConfig;
  readonly rate?: number;
}

/** A sorting step on noise, all of it as in pretraining except for the images. */
export interface SortingStep {
  readonly program: StepProgram;
  readonly learner: Learner;
  /** The inputs of step `step`, from 1: the same ones every time. */
  readonly inputs: (step: number) => Arrays;
  /** Scores of images `[n, size, size, 1]`, by the running statistics. */
  readonly score: (images: tf.Tensor) => tf.Tensor1D;
  readonly dispose: () => void;
}

export function createSortingStep(options: SortingStepOptions): SortingStep {
  const { encoder: config, batch, size, optimizer: kind = { kind: "adam" }, rate = 1e-3 } = options;
  const encoder = createEncoder(config);
  const head = createSortingHead(encoder.embeddingSize);
  const network = createNetwork({ encoder: encoder.specs, head: head.specs }, 1);
  const { momentum } = encoder;
  const score = (images: tf.Tensor, training: boolean) =>
    head.apply(
      network.parts.head,
      encoder
        .features(network.parts.encoder, images as tf.Tensor4D, { training, momentum })
        .at(-1)!,
    );
  const learner: Learner = {
    network,
    loss({ images, positions }) {
      const outputs = score(images!, true);
      return { loss: marginRankingLoss(outputs, positions as tf.Tensor1D), outputs };
    },
    metrics: () => ({}),
  };
  const optimizer = createOptimizer(network.parameters, kind);
  return {
    learner,
    program: createTrainStep({ learner, optimizer, clipNorm: Infinity }),
    inputs(step) {
      const random = createRandom(1, `step-${step}`);
      const images = Float32Array.from({ length: batch * size * size }, () => random.normal());
      const arrays: Arrays = {
        images: { shape: [batch, size, size, 1], values: images },
        positions: { shape: [batch], values: Float32Array.from({ length: batch }, (_, i) => i) },
      };
      return stepInputs([arrays], optimizer.numbers(step, rate));
    },
    score: (images) => tf.tidy(() => score(images, false)),
    dispose() {
      optimizer.dispose();
      network.dispose();
    },
  };
}
