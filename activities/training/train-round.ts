import { Diverged } from "../../domain/errors.ts";
import type { Pretext } from "../../domain/pretexts/create-pretext.ts";
import type { TrainingEnd, TrainingStep } from "../../domain/training/fit.ts";
import { bestValidation } from "../../domain/training/fit-state.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import type { Checkpoints } from "../stage/checkpoints.ts";
import { describeStep } from "./describe-step.ts";
import type { TrainingLog } from "./training-log.ts";

export interface TrainRoundOptions {
  /** The round ends at the first step after this moment, in milliseconds as `now` counts them. */
  readonly deadline: number;
  readonly now: () => number;
  readonly checkpointEvery: number;
  readonly checkpoints: Checkpoints;
  readonly log: TrainingLog;
  /** Keep the encoder as it is now: no validation was better. */
  readonly keepBest: () => Promise<void>;
}

/** How often a training that diverges is slowed down before it is given up. */
const MOST_RECOVERIES = 4;

/**
 * Train until the deadline, the end, or a plateau, with a checkpoint every so many steps.
 *
 * Training that diverges goes back to the newest checkpoint and on at half the rate, at most four
 * times; then `Diverged` is thrown. Told to stop, it saves before it throws the signal's reason.
 */
export async function trainRound(
  pretext: Pretext,
  options: TrainRoundOptions,
  context: JobContext,
): Promise<{ readonly state: "running" | TrainingEnd["state"] }> {
  const { checkpoints } = options;
  // What a divergence before the first checkpoint goes back to.
  if (pretext.progress().step === 0) await checkpoints.save(0, await pretext.checkpoint());
  for (;;) {
    try {
      return await trainOn(pretext, options, context);
    } catch (error) {
      const { rateScale } = pretext.progress();
      if (!(error instanceof Diverged) || rateScale <= 2 ** -MOST_RECOVERIES) throw error;
      const step = await checkpoints.restoreNewest((bytes) => pretext.restore(bytes));
      pretext.slowDown(rateScale / 2);
      // Saved at once: a process that dies now must not come back at the rate that diverged.
      await checkpoints.save(step, await pretext.checkpoint());
      context.progress({
        fraction: step / pretext.config.steps,
        note: `${error.message}; going on from step ${step} at ${rateScale / 2} of the rate`,
      });
    }
  }
}

async function trainOn(
  pretext: Pretext,
  { deadline, now, checkpointEvery, checkpoints, log, keepBest }: TrainRoundOptions,
  { signal, progress }: JobContext,
): Promise<{ readonly state: "running" | TrainingEnd["state"] }> {
  const { steps } = pretext.config;
  const save = async () => {
    await log.flush();
    await checkpoints.save(pretext.progress().step, await pretext.checkpoint());
  };
  const run = pretext.train();
  for (;;) {
    const next = await run.next();
    if (next.done === true) {
      await log.flush();
      return next.value;
    }
    const done = next.value;
    log.add(done);
    progress({ fraction: done.step / steps, note: describeStep(done, pretext.config) });
    await breathe();
    if (signal.aborted) {
      await save();
      signal.throwIfAborted();
    }
    if (isBest(done, pretext)) await keepBest();
    const late = now() >= deadline && done.step < steps;
    if (late || done.step % checkpointEvery === 0) await save();
    if (late) return { state: "running" };
  }
}

function isBest({ validation }: TrainingStep, pretext: Pretext): boolean {
  if (validation === undefined) return false;
  return bestValidation(pretext.progress().validations)?.step === validation.step;
}
