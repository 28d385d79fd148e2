import { eagerRunner } from "../../../domain/training/eager-runner.ts";
import type { CreateStepRunner, StepRunner } from "../../../domain/training/step-program.ts";
import { createCompiledRunner } from "./compiled-runner.ts";
import { NotRecordable } from "./not-recordable.ts";

/**
 * Runs steps compiled, or as they are written where they cannot be: then, at the first step,
 * `onFallback` is told why.
 */
export function compiledOrEager(onFallback: (reason: string) => void): CreateStepRunner {
  return (program) => {
    let runner: StepRunner = createCompiledRunner(program);
    return {
      async step(inputs) {
        try {
          return await runner.step(inputs);
        } catch (error) {
          if (!(error instanceof NotRecordable)) throw error;
          onFallback(error.message);
          runner.dispose();
          runner = eagerRunner(program);
          return runner.step(inputs);
        }
      },
      pull: () => runner.pull(),
      push: () => runner.push(),
      dispose: () => runner.dispose(),
    };
  };
}
