import * as tf from "@tensorflow/tfjs";
import { disposeParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";
import type { StepNumbers } from "./optimizer.ts";

/** An exponential moving average of weights (EMA): often better than the last ones. */
export interface WeightAverage {
  /** The averages, under the names of the weights. */
  readonly values: Parameters;
  /** What `follow` needs to know of step `step` (from 1). */
  numbers(step: number): StepNumbers;
  /** Move towards the weights; of tensors alone. */
  follow(parameters: Parameters, numbers: Readonly<Record<string, tf.Scalar>>): void;
  dispose(): void;
}

/**
 * Starts at the weights as they are now. Of the first steps less stays, (1 + k) / (10 + k), so that
 * the random beginning is soon forgotten.
 *
 * @see Polyak and Juditsky 1992; the beginning is tf.train.ExponentialMovingAverage's
 *
 * @param decay - share of the old average that stays, such as 0.999
 */
export function createWeightAverage(parameters: Parameters, decay: number): WeightAverage {
  const values: Parameters = new Map(
    [...parameters].map(([name, variable]) => [name, tf.variable(variable, false)] as const),
  );
  return {
    values,
    numbers: (step) => ({ averageKeeps: Math.min(decay, (1 + step) / (10 + step)) }),
    follow: (weights, { averageKeeps: keeps }) =>
      tf.tidy(() => {
        const moves = tf.sub(1, keeps!);
        for (const [name, average] of values) {
          average.assign(average.mul(keeps!).add(weights.get(name)!.mul(moves)));
        }
      }),
    dispose: () => disposeParameters(values),
  };
}

/**
 * Do something with the averages in place of the weights, which are what they were afterwards, to the
 * last bit.
 */
export async function withAverage<T>(
  parameters: Parameters,
  average: Parameters,
  work: () => Promise<T>,
): Promise<T> {
  const before = [...parameters].map(([name, variable]) => [name, tf.clone(variable)] as const);
  try {
    for (const [name, variable] of parameters) variable.assign(average.get(name)!);
    return await work();
  } finally {
    for (const [name, value] of before) {
      parameters.get(name)!.assign(value);
      value.dispose();
    }
  }
}
