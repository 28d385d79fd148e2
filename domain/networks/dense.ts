import type * as tf from "@tensorflow/tfjs";
import { type Parameters, type ParameterSpec, parameter } from "./parameters.ts";

/** Weights `[in, out]` and bias `[out]`, the weights normal by their fan-in. */
export function denseSpecs(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    {
      name: `${name}.weights`,
      shape: [inputs, outputs],
      init: { std: Math.sqrt(1 / inputs) },
      trainable: true,
    },
    { name: `${name}.bias`, shape: [outputs], init: { constant: 0 }, trainable: true },
  ];
}

/** `[n, in]` → `[n, out]`. */
export function dense(parameters: Parameters, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return x
    .matMul(parameter(parameters, `${name}.weights`) as tf.Tensor2D)
    .add(parameter(parameters, `${name}.bias`));
}
