import * as tf from "@tensorflow/tfjs";
import { toTensors } from "./arrays.ts";
import type { StepProgram, StepRunner } from "./step-program.ts";

/** Runs a program as it is written, operation by operation: the reference for every other way. */
export function eagerRunner(program: StepProgram): StepRunner {
  return {
    async step(arrays) {
      const inputs = toTensors(arrays);
      try {
        const report = tf.tidy(() => program.run(inputs));
        // One read for everything, after the update is under way.
        const values = await report.data<"float32">();
        report.dispose();
        return Float32Array.from(values);
      } finally {
        tf.dispose(inputs);
      }
    },
    pull: () => Promise.resolve(),
    push: () => Promise.resolve(),
    dispose: () => undefined,
  };
}
