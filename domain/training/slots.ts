import * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../networks/parameters.ts";

/** Zeros in the shape of every parameter, under `<slot>/<parameter>`, as variables. */
export function createSlots(parameters: Parameters, slots: readonly string[]): Parameters {
  return new Map(
    slots.flatMap((slot) =>
      [...parameters].map(
        ([name, { shape }]) =>
          [`${slot}/${name}`, tf.tidy(() => tf.variable(tf.zeros(shape), false))] as const,
      ),
    ),
  );
}
