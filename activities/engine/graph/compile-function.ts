import type * as tf from "@tensorflow/tfjs";
import type { Arrays, Tensors } from "../../../domain/training/arrays.ts";
import { compileProgram } from "./compile-program.ts";

/** A function of tensors inside TensorFlow, with its own copy of the variables it reads. */
export interface CompiledFunction {
  /** Call it; names, shapes and types are those of the example. The caller disposes the results. */
  run(inputs: Arrays): tf.Tensor[];
  /** The variables were changed: take them over. */
  push(): void;
  dispose(): void;
}

/**
 * Make a function a graph that runs in one call, for inference: it reads `variables` and changes
 * nothing. Calls it twice.
 *
 * Throws `NotRecordable`, naming the operation, when it cannot be a graph.
 */
export function compileFunction(
  call: (inputs: Tensors) => readonly tf.Tensor[],
  example: Arrays,
  variables: ReadonlyMap<string, tf.Variable>,
): CompiledFunction {
  return compileProgram({ state: variables, run: call }, example);
}
