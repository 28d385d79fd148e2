import * as tf from "@tensorflow/tfjs";
import { disposeParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";

/** An exponential moving average of weights (EMA): often better than the last ones. */
export interface WeightAverage {
  /** The averages, under the names of the weights. */
  readonly values: Parameters;
  /** Move towards the weights by 1 - decay. */
  follow(parameters: Parameters): void;
  dispose(): void;
}

/**
 * Starts at the weights as they are now. @see Polyak and Juditsky 1992
 *
 * @param decay - share of the old average that stays, such as 0.999
 */
export function createWeightAverage(parameters: Parameters, decay: number): WeightAverage {
  const values: Parameters = new Map(
    [...parameters].map(([name, variable]) => [name, tf.variable(variable, false)] as const),
  );
  return {
    values,
    follow: (weights) =>
      tf.tidy(() => {
        for (const [name, average] of values) {
          average.assign(average.mul(decay).add(weights.get(name)!.mul(1 - decay)));
        }
      }),
    dispose: () => disposeParameters(values),
  };
}
