import type { StepProgram, StepRunner } from "../../../domain/training/step-program.ts";
import { type CompiledProgram, compileProgram } from "./compile-program.ts";

/**
 * Run a training step as one graph inside TensorFlow, which keeps the state: one call a step.
 *
 * The first step's inputs are what it is recorded on, which takes two steps' time (and leaves no
 * trace) besides that of TensorFlow's own preparation. Throws `NotRecordable` then if the program
 * cannot be a graph, having changed nothing; and `InvalidInput` later if an input's shape changes.
 */
export function createCompiledRunner(program: StepProgram): StepRunner {
  let compiled: CompiledProgram | undefined;
  return {
    async step(inputs) {
      compiled ??= compileProgram(
        { state: program.state, run: (tensors) => [program.run(tensors)] },
        inputs,
      );
      const [report] = compiled.run(inputs);
      try {
        return (await report!.data()) as Float32Array;
      } finally {
        report!.dispose();
      }
    },
    async pull() {
      compiled?.pull();
    },
    async push() {
      compiled?.push();
    },
    dispose() {
      compiled?.dispose();
      compiled = undefined;
    },
  };
}
