import { InvalidInput } from "../errors.ts";
import { restoreCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { createOptimizer } from "./create-optimizer.ts";
import { eagerRunner } from "./eager-runner.ts";
import { fit } from "./fit.ts";
import type { FitOptions, FitParts, TrainingEnd, TrainingStep } from "./fit.ts";
import { freshState } from "./fit-state.ts";
import type { FitState } from "./fit-state.ts";
import type { Learner } from "./learner.ts";
import { discoverMasks } from "./masks.ts";
import type { OptimizerConfig } from "./optimizer.ts";
import type { CreateStepRunner } from "./step-program.ts";
import { createTrainStep } from "./train-step.ts";
import { createWeightAverage, withAverage } from "./weight-average.ts";

export interface TrainerOptions extends FitOptions {
  readonly optimizer: OptimizerConfig;
  /** Gradients together longer than this are scaled down to it. @default Infinity */
  readonly clipNorm?: number;
  /** Share of the old average of the weights that a step keeps, such as 0.999. @default none is kept */
  readonly ema?: number;
  /** How steps are run. @default as they are written */
  readonly createRunner?: CreateStepRunner;
}

/** A learner being trained. */
export interface Trainer {
  readonly state: Readonly<FitState>;
  /**
   * Do something with the learner's variables as they are to be published: up to date, and with the
   * moving average for weights where one is kept. Between two steps.
   */
  published<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Train from where it is to `steps`, yielding after every step. Stop by leaving the loop; calling
   * it again goes on. Throws `Diverged`.
   */
  train(): AsyncGenerator<TrainingStep, TrainingEnd, void>;
  /** Everything that a resume needs, as bytes; between two steps. */
  checkpoint(config: object): Promise<Uint8Array>;
  /** Go back to a checkpoint of the same configuration; see `restoreCheckpoint`. */
  restore(checkpoint: Uint8Array, config: object): Promise<void>;
  /** After `Diverged`, once the variables are a good step's again: go on at this share of the rate. */
  slowDown(rateScale: number): void;
  /** Bring the learner's variables up to date, for whoever reads them. */
  pull(): Promise<void>;
  /** The learner's variables were changed from outside. */
  push(): Promise<void>;
  /** Frees the optimizer and the runner, not the learner. */
  dispose(): void;
}

/** Put a training together. `draw` gives the batches, see `FitParts`. */
export async function createTrainer(
  learner: Learner,
  { draw, validate }: Pick<FitParts, "draw" | "validate">,
  options: TrainerOptions,
): Promise<Trainer> {
  const { clipNorm = Infinity, ema, accumulate = 1, createRunner = eagerRunner } = options;
  if (!Number.isInteger(accumulate) || accumulate < 1) {
    throw new InvalidInput(`Expected to accumulate over 1 batch or more, got ${accumulate}`);
  }
  const masks = discoverMasks(learner, await draw(1, 0));
  const optimizer = createOptimizer(learner.network.parameters, options.optimizer);
  const average =
    ema === undefined ? undefined : createWeightAverage(learner.network.parameters, ema);
  const program = createTrainStep({
    learner,
    optimizer,
    clipNorm,
    accumulate,
    ...(average === undefined ? {} : { average }),
  });
  const runner = createRunner(program);
  const state = freshState();
  const training = { variables: program.state, state };
  const parts: FitParts = {
    ...{ learner, runner, masks, draw },
    numbers: (step, rate) => ({ ...optimizer.numbers(step, rate), ...average?.numbers(step) }),
    ...(validate === undefined ? {} : { validate }),
  };
  return {
    state,
    train: () => fit(parts, state, options),
    async published(work) {
      await runner.pull();
      if (average === undefined) return work();
      return withAverage(learner.network.parameters, average.values, work);
    },
    async checkpoint(config) {
      await runner.pull();
      return saveCheckpoint(training, config);
    },
    async restore(bytes, config) {
      restoreCheckpoint(training, config, bytes);
      await runner.push();
    },
    slowDown(rateScale) {
      state.rateScale = rateScale;
    },
    pull: () => runner.pull(),
    push: () => runner.push(),
    dispose() {
      runner.dispose();
      optimizer.dispose();
      average?.dispose();
    },
  };
}
