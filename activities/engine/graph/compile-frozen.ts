import type * as tf from "@tensorflow/tfjs";
import type { Arrays, Tensors } from "../../../domain/training/arrays.ts";
import type { CompiledFunction } from "./compile-function.ts";
import { compileProgram } from "./compile-program.ts";
import { foldBatchNorm } from "./fold-batch-norm.ts";
import { freezeState } from "./freeze-state.ts";
import { openBackend } from "./open-backend.ts";

/**
 * As `compileFunction`, for weights that stay what they are: they become constants, and batch norms
 * a part of the convolutions before them. Faster to run than `compileFunction`, and results differ
 * from it in the last bits.
 */
export function compileFrozen(
  call: (inputs: Tensors) => readonly tf.Tensor[],
  example: Arrays,
  variables: ReadonlyMap<string, tf.Variable>,
): Omit<CompiledFunction, "push"> {
  const { binding } = openBackend();
  return compileProgram({ state: variables, run: call }, example, (recording) =>
    foldBatchNorm(freezeState(recording, variables), binding),
  );
}
