import * as tf from "@tensorflow/tfjs";
import { type Parameters, type ParameterSpec, parameter } from "./parameters.ts";

/**
 * Weights `[in, out]` and, unless `bias` is false, a bias `[out]`, all uniform within ± 1 / √in:
 * what torch's linear layers start with (Kaiming-uniform with a = √5).
 */
export function denseSpecs(
  name: string,
  inputs: number,
  outputs: number,
  bias = true,
): ParameterSpec[] {
  const init = { uniform: Math.sqrt(1 / inputs) };
  const weights = { name: `${name}.weights`, shape: [inputs, outputs], init, trainable: true };
  return bias
    ? [weights, { name: `${name}.bias`, shape: [outputs], init, trainable: true }]
    : [weights];
}

/** `[n, in]` → `[n, out]`; adds the bias where there is one. */
export function dense(parameters: Parameters, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const y = tf.matMul<tf.Tensor2D>(x, parameter(parameters, `${name}.weights`));
  const bias = parameters.get(`${name}.bias`);
  return bias === undefined ? y : y.add<tf.Tensor2D>(bias);
}
