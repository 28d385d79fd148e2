import { Diverged } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Arrays } from "./arrays.ts";
import { bestValidation, validationsSinceBest } from "./fit-state.ts";
import type { FitState, Validation } from "./fit-state.ts";
import { record, recentLoss } from "./history.ts";
import type { History } from "./history.ts";
import { meanMetrics } from "./learner.ts";
import type { Learner, Metrics } from "./learner.ts";
import { drawMasks } from "./masks.ts";
import type { MaskSpec } from "./masks.ts";
import type { StepNumbers } from "./optimizer.ts";
import { isPlateau } from "./plateau.ts";
import type { PlateauRule } from "./plateau.ts";
import { rateAt } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { StepRunner } from "./step-program.ts";
import { stepInputs } from "./train-step.ts";

/** What a training consists of; put together by `createTrainer`. */
export interface FitParts {
  readonly learner: Learner;
  /** The step's numbers: those of the optimizer, and of what else moves. */
  readonly numbers: (step: number, rate: number) => StepNumbers;
  readonly runner: StepRunner;
  readonly masks: readonly MaskSpec[];
  /** The batch of a step, and which of the step's batches (0 where gradients do not accumulate). */
  readonly draw: (step: number, batch: number) => Arrays | Promise<Arrays>;
  /** Measures on data that is not trained on, with the variables as they are. */
  readonly validate?: () => Promise<Omit<Validation, "step">>;
}

export interface FitOptions extends Schedule {
  readonly seed: number;
  /** Batches per step. @default 1 */
  readonly accumulate?: number;
  /** Stop early where this says that nothing is being learned. */
  readonly plateau?: PlateauRule;
  /** Steps between validations; the last step is followed by one, too. @default 100 */
  readonly validateEvery?: number;
  /** Stop after this many validations that were no better than the best. @default never */
  readonly patience?: number;
  /** Milliseconds, for the share of waiting in the log. Absent: nothing is timed. */
  readonly clock?: () => number;
}

/** One step that has been done. */
export interface TrainingStep extends Metrics {
  /** 1 for the first. */
  readonly step: number;
  readonly loss: number;
  /** Length of the gradient before clipping. */
  readonly norm: number;
  readonly rate: number;
  /** Where this step was followed by one. */
  readonly validation?: Validation;
  /** Milliseconds of the whole step, and of them waiting for its batch. */
  readonly milliseconds?: number;
  readonly waited?: number;
}

export interface TrainingEnd {
  /** `plateau`: given up because the loss stayed at chance. */
  readonly state: "finished" | "plateau";
  /** Finished before the last step, as validation did not get better. */
  readonly early: boolean;
  readonly step: number;
  /** Mean over the last 100 steps. */
  readonly loss: number;
  readonly history: History;
  readonly best?: Validation;
}

/**
 * Descend from `state` to `options.steps`, yielding after every step.
 *
 * Between two steps the runner's variables and `state` belong together, and whoever drives the
 * generator may save them (after `runner.pull()`), stop, or go away. All chance of step k is
 * `createRandom(seed, "step-k")` and what `draw` makes of k, so a resumed run repeats an
 * uninterrupted one without knowing how samples were drawn.
 *
 * Throws `Diverged` when the loss or its gradient is not a number; no step is yielded after that,
 * and `state` is that of the step before, although the variables are not.
 */
export async function* fit(
  parts: FitParts,
  state: FitState,
  options: FitOptions,
): AsyncGenerator<TrainingStep, TrainingEnd, void> {
  const { steps, plateau, patience = Infinity, validateEvery = 100 } = options;
  for (;;) {
    // Judged on the state, not after a step, so that a resume cannot slip past it.
    if (plateau && isPlateau(state.history, state.step, steps, plateau)) {
      return endOf(state, "plateau", false);
    }
    const early = validationsSinceBest(state.validations) >= patience;
    if (early || state.step >= steps) return endOf(state, "finished", early);
    const step = state.step + 1;
    const done = await descend(parts, step, state.rateScale, options);
    state.step = step;
    state.history = record(state.history, step, done.loss, done.accuracy ?? done.displacement ?? 0);
    if (parts.validate === undefined || (step % validateEvery !== 0 && step < steps)) {
      yield done;
      continue;
    }
    await parts.runner.pull();
    const validation = { step, ...(await parts.validate()) };
    state.validations = [...state.validations, validation];
    yield { ...done, validation };
  }
}

async function descend(
  { learner, numbers, runner, masks, draw }: FitParts,
  step: number,
  rateScale: number,
  options: FitOptions,
): Promise<TrainingStep> {
  const { seed, accumulate = 1, clock } = options;
  const rate = rateAt(step, options) * rateScale;
  const random = createRandom(seed, `step-${step}`);
  const started = clock?.();
  const batches: Arrays[] = [];
  for (let i = 0; i < accumulate; i++) batches.push(await draw(step, i));
  const drawn = clock?.();
  const masked = batches.map((batch) => ({ ...batch, ...drawMasks(masks, random) }));
  const report = await runner.step(stepInputs(masked, numbers(step, rate)));
  const [loss, norm] = report as unknown as [number, number];
  if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
    throw new Diverged(
      `Training diverged at step ${step}: loss ${loss}, gradient of length ${norm}, rate ${rate}`,
    );
  }
  const length = (report.length - 2) / accumulate;
  const metrics = batches.map((batch, i) =>
    learner.metrics(batch, report.subarray(2 + i * length, 2 + (i + 1) * length)),
  );
  const timing =
    clock === undefined ? {} : { milliseconds: clock() - started!, waited: drawn! - started! };
  return { step, loss, norm, rate, ...meanMetrics(metrics), ...timing };
}

function endOf(state: FitState, kind: TrainingEnd["state"], early: boolean): TrainingEnd {
  const best = bestValidation(state.validations);
  return {
    state: kind,
    early,
    step: state.step,
    loss: recentLoss(state.history),
    history: state.history,
    ...(best === undefined ? {} : { best }),
  };
}
