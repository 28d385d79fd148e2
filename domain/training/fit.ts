import * as tf from "@tensorflow/tfjs";
import { Diverged } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Adam } from "./adam.ts";
import { NO_HISTORY, record, recentLoss } from "./history.ts";
import type { History } from "./history.ts";
import type { Learner, Metrics, Task } from "./learner.ts";
import { isPlateau } from "./plateau.ts";
import type { PlateauRule } from "./plateau.ts";
import { rateAt } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

export interface FitOptions extends Schedule {
  readonly seed: number;
  /** Gradients together longer than this are scaled down to it. */
  readonly clipNorm: number;
  /** Stop early where this says that nothing is being learned. */
  readonly plateau?: PlateauRule;
}

/** Where training is: with the weights and the moments, everything that a resume needs. */
export interface FitState {
  /** Steps done. */
  step: number;
  history: History;
}

/** One step that has been done. */
export interface TrainingStep extends Metrics {
  /** 1 for the first. */
  readonly step: number;
  readonly loss: number;
  readonly rate: number;
}

export interface TrainingEnd {
  /** `plateau`: given up because the loss stayed at chance. */
  readonly state: "finished" | "plateau";
  readonly step: number;
  /** Mean over the last 100 steps. */
  readonly loss: number;
  readonly history: History;
}

/** A state before the first step. */
export function freshState(): FitState {
  return { step: 0, history: NO_HISTORY };
}

/**
 * Descend from `state` to `options.steps`, yielding after every step.
 *
 * Between two steps weights, moments and `state` belong together, and whoever drives the generator
 * may save them, stop, or go away. All chance of step k is `createRandom(seed, "step-k")`, so a
 * resumed run repeats an uninterrupted one without knowing how samples were drawn.
 *
 * Throws `Diverged` when the loss or its gradient is not a number; no step is yielded after that.
 */
export async function* fit(
  learner: Learner,
  adam: Adam,
  state: FitState,
  options: FitOptions,
): AsyncGenerator<TrainingStep, TrainingEnd, void> {
  const end = (kind: TrainingEnd["state"]): TrainingEnd => ({
    state: kind,
    step: state.step,
    loss: recentLoss(state.history),
    history: state.history,
  });
  for (;;) {
    // Judged on the state, not after a step, so that a resume cannot slip past it.
    if (options.plateau && isPlateau(state.history, state.step, options.steps, options.plateau)) {
      return end("plateau");
    }
    if (state.step >= options.steps) return end("finished");
    const step = state.step + 1;
    const rate = rateAt(step, options);
    const task = learner.draw(createRandom(options.seed, `step-${step}`));
    const report = descend(learner, adam, task, { step, rate, clipNorm: options.clipNorm });
    // One read for everything, after the update is under way.
    const [loss, norm, ...outputs] = await report.data<"float32">();
    report.dispose();
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      throw new Diverged(
        `Training diverged at step ${step}: loss ${loss}, gradient of length ${norm}, rate ${rate}`,
      );
    }
    const metrics = task.metrics(Float32Array.from(outputs));
    state.step = step;
    state.history = record(
      state.history,
      step,
      loss!,
      metrics.accuracy ?? metrics.displacement ?? 0,
    );
    yield { step, loss: loss!, rate, ...metrics };
  }
}

/** One step; loss, gradient norm and outputs in one tensor `[2 + n]`. */
function descend(
  { network }: Learner,
  adam: Adam,
  task: Task,
  update: { step: number; rate: number; clipNorm: number },
): tf.Tensor1D {
  return tf.tidy(() => {
    const variables = [...network.parameters.values()];
    let outputs: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const result = task.forward();
      outputs = tf.keep(result.outputs);
      return result.loss;
    }, variables);
    const gradients = new Map(
      [...network.parameters].map(([name, { name: id }]) => [name, grads[id]!] as const),
    );
    const norm = adam.update(gradients, update);
    const report = tf.concat1d([value.reshape([1]), norm.reshape([1]), outputs!.flatten()]);
    outputs!.dispose();
    return report;
  });
}
