import * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../networks/parameters.ts";
import type { Arrays, Tensors } from "./arrays.ts";
import { clipGradients } from "./clip-gradients.ts";
import type { Learner } from "./learner.ts";
import { maskedTraining } from "./masks.ts";
import type { Optimizer, StepNumbers } from "./optimizer.ts";
import type { StepProgram } from "./step-program.ts";
import type { WeightAverage } from "./weight-average.ts";

export interface TrainStepOptions {
  readonly learner: Learner;
  readonly optimizer: Optimizer;
  /** Gradients together longer than this are scaled down to it; `Infinity`: never. */
  readonly clipNorm: number;
  /** Batches per step, whose gradients are averaged. @default 1 */
  readonly accumulate?: number;
  /** A moving average of the weights to keep. */
  readonly average?: WeightAverage;
}

/**
 * One step of training as a program: loss and gradients of a batch (or the mean over several),
 * clipping, the optimizer's move, and what follows it. The report is `[2 + n]`: the loss, the length
 * of the gradients before clipping, and the outputs of every batch.
 */
export function createTrainStep(options: TrainStepOptions): StepProgram {
  const { learner, optimizer, clipNorm, accumulate = 1, average } = options;
  const { network } = learner;
  const state: Parameters = new Map([
    ...prefixed("network", network.parameters),
    ...prefixed("network", network.statistics),
    ...prefixed("optimizer", optimizer.slots),
    ...prefixed("extra", learner.extra ?? new Map()),
    ...prefixed("average", average?.values ?? new Map()),
  ]);
  return {
    state,
    run: (inputs) =>
      tf.tidy(() => {
        let total: ReadonlyMap<string, tf.Tensor> | undefined;
        const reports: tf.Tensor1D[] = [];
        const losses: tf.Scalar[] = [];
        for (let batch = 0; batch < accumulate; batch++) {
          const { loss, outputs, gradients } = differentiate(learner, batchInputs(inputs, batch));
          losses.push(loss);
          reports.push(outputs.flatten());
          total = total === undefined ? gradients : addUp(total, gradients);
        }
        const share = 1 / accumulate;
        const mean =
          accumulate === 1
            ? total!
            : new Map([...total!].map(([name, sum]) => [name, sum.mul(share)]));
        const { gradients, norm } = clipGradients(mean, clipNorm);
        const numbers = numbersOf(inputs);
        optimizer.apply(gradients, numbers);
        learner.after?.(inputs);
        average?.follow(network.parameters, numbers);
        const loss = accumulate === 1 ? losses[0]! : tf.addN(losses).mul<tf.Scalar>(share);
        return tf.concat1d([loss.reshape([1]), norm.reshape([1]), ...reports]);
      }),
  };
}

/** The inputs of a step: its batches, `<i>/<name>`, and its numbers, `step/<name>`. */
export function stepInputs(batches: readonly Arrays[], numbers: StepNumbers): Arrays {
  return Object.fromEntries([
    ...batches.flatMap((batch, i) =>
      Object.entries(batch).map(([name, array]) => [`${i}/${name}`, array] as const),
    ),
    ...Object.entries(numbers).map(
      ([name, value]) => [`step/${name}`, { shape: [], values: Float32Array.of(value) }] as const,
    ),
  ]);
}

function differentiate(learner: Learner, inputs: Tensors) {
  const { parameters } = learner.network;
  let outputs: tf.Tensor | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const result = learner.loss(inputs, maskedTraining(inputs));
    outputs = tf.keep(result.outputs);
    return result.loss;
  }, [...parameters.values()]);
  // Kept for the pass over the gradients only: the tidy around it owns a copy.
  const copy = outputs!.clone();
  outputs!.dispose();
  const gradients = new Map(
    [...parameters].map(([name, { name: id }]) => [name, grads[id]!] as const),
  );
  return { loss: value, outputs: copy, gradients };
}

/** Sums, in place of what they are of: of many batches, only two sets of gradients are in memory. */
function addUp(
  total: ReadonlyMap<string, tf.Tensor>,
  gradients: ReadonlyMap<string, tf.Tensor>,
): ReadonlyMap<string, tf.Tensor> {
  return new Map(
    [...total].map(([name, sum]) => {
      const next = gradients.get(name)!;
      const both = sum.add(next);
      tf.dispose([sum, next]);
      return [name, both];
    }),
  );
}

function batchInputs(inputs: Tensors, batch: number): Tensors {
  return under(inputs, `${batch}/`);
}

function numbersOf(inputs: Tensors): Readonly<Record<string, tf.Scalar>> {
  return under(inputs, "step/") as Record<string, tf.Scalar>;
}

function under(inputs: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

function prefixed(prefix: string, parameters: Parameters) {
  return [...parameters].map(([name, variable]) => [`${prefix}/${name}`, variable] as const);
}
