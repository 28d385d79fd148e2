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
  /** Keep the encoder as it is now, after this step: no validation was better. */
  readonly keepBest: (step: number) => Promise<void>;
  /** Told what else happened, in words. */
  readonly notice: (note: string) => void;
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
      if (context.signal.aborted) {
        // Stopped while it waited for a batch: that is between two steps.
        await save(pretext, options);
        throw error;
      }
      if (!(error instanceof Diverged) || rateScale <= 2 ** -MOST_RECOVERIES) throw error;
      const step = await checkpoints.restoreNewest((bytes) => pretext.restore(bytes));
      if (step === undefined) throw error;
      pretext.slowDown(rateScale / 2);
      // Saved at once: a process that dies now must not come back at the rate that diverged.
      await checkpoints.save(step, await pretext.checkpoint());
      options.notice(`${error.message}; went on from step ${step} at ${rateScale / 2} of the rate`);
    }
  }
}

async function trainOn(
  pretext: Pretext,
  options: TrainRoundOptions,
  { signal, progress }: JobContext,
): Promise<{ readonly state: "running" | TrainingEnd["state"] }> {
  const { deadline, now, checkpointEvery, log, keepBest } = options;
  const { steps } = pretext.config;
  const run = pretext.train();
  for (;;) {
    const next = await run.next();
    if (next.done === true) {
      // An attempt that dies while it publishes need not train again.
      await save(pretext, options);
      return next.value;
    }
    const done = next.value;
    log.add(done);
    progress({ fraction: done.step / steps, note: describeStep(done, pretext.config) });
    await breathe();
    // Before any checkpoint that says so.
    if (isBest(done, pretext)) await keepBest(done.step);
    signal.throwIfAborted();
    const late = now() >= deadline && done.step < steps;
    if (late || done.step % checkpointEvery === 0) await save(pretext, options);
    if (late) return { state: "running" };
  }
}

async function save(pretext: Pretext, { log, checkpoints }: TrainRoundOptions): Promise<void> {
  await log.flush();
  await checkpoints.save(pretext.progress().step, await pretext.checkpoint());
}

function isBest({ validation }: TrainingStep, pretext: Pretext): boolean {
  if (validation === undefined) return false;
  return bestValidation(pretext.progress().validations)?.step === validation.step;
}
