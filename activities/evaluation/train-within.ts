import { InvalidInput } from "../../domain/errors.ts";
import type { View } from "../../domain/localization/view.ts";
import { createPretext } from "../../domain/pretexts/create-pretext.ts";
import type { Pretext, PretextOptions } from "../../domain/pretexts/create-pretext.ts";
import type { PretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import { openEncoder } from "../../domain/pretexts/encoder-file.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { TrainingStep } from "../../domain/training/fit.ts";
import { median } from "../../domain/volumes/median.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import type { TrainingBudget } from "./evaluation-request.ts";

/** A point of a learning curve: training over the steps since the last point, and what was measured. */
export interface CurvePoint<M> {
  readonly step: number;
  /** Of training, without measuring. */
  readonly seconds: number;
  readonly loss: number;
  /** Accuracy or displacement of training batches, augmented as they are. */
  readonly metric: number;
  readonly measured: M;
}

/** How a training went. Plain JSON. */
export interface TrainedWithin<M> {
  readonly curve: readonly CurvePoint<M>[];
  readonly steps: number;
  /** The steps that the schedule was laid out for. */
  readonly planned: number;
  readonly seconds: number;
  /** Median, in milliseconds. */
  readonly stepTime: number;
  /** Share of the time that steps waited for their batch. */
  readonly waiting: number;
  /** `time`: the budget was spent before the schedule ended; `plateau`: nothing was being learned. */
  readonly end: "finished" | "time" | "plateau";
  /** Of every step. */
  readonly losses: readonly number[];
}

export interface TrainWithinOptions<M> extends Pick<
  PretextOptions,
  "warmStart" | "createRunner" | "createDraw"
> {
  readonly budget: TrainingBudget;
  /** Points of the curve. @default 16 */
  readonly points?: number;
  /** Look at what would be published now: averaged weights where the configuration wants them. */
  readonly measure: (network: PretextNetwork) => Promise<M>;
}

/** Steps that are timed for the plan, the later half of them. */
const TIMED = 12;

/** Steps are planned for this share of what is left, as machines are not always as fast. */
const MARGIN = 0.95;

/**
 * Train on views within a budget and measure at equal parts of it. With `seconds`, the number of
 * steps depends on the machine; with `steps`, everything that is learned follows from the arguments.
 *
 * @returns how it went, and the encoder as it is published
 */
export async function trainWithin<M>(
  config: Omit<PretrainConfig, "steps">,
  views: readonly View[],
  { budget, points = 16, measure, ...options }: TrainWithinOptions<M>,
  { signal, progress }: JobContext,
): Promise<{ readonly encoder: Uint8Array; readonly trained: TrainedWithin<M> }> {
  const began = performance.now();
  const clock = () => performance.now();
  const open = (steps: number) => createPretext({ ...config, steps }, views, { ...options, clock });
  const planned = budget.steps ?? (await planSteps(open, budget, began));
  const pretext = await open(planned);
  try {
    const limit = budget.steps === undefined ? budget.seconds! : Infinity;
    const curve: CurvePoint<M>[] = [];
    const all: TrainingStep[] = [];
    let encoder: Uint8Array = new Uint8Array();
    let measuring = 0;
    let since = 0;
    let mark = 1 / points;
    const elapsed = () => (performance.now() - began - measuring) / 1000;
    const share = () => Math.max(all.length / planned, elapsed() / limit);
    const steps = pretext.train();
    let end: TrainedWithin<M>["end"] | undefined;
    while (end === undefined) {
      const next = await steps.next();
      if (next.done === true) end = next.value.state;
      else all.push(next.value);
      if (end === undefined && elapsed() >= limit) end = "time";
      if (end !== undefined || share() >= mark) {
        mark = (Math.floor(share() * points) + 1) / points;
        const started = performance.now();
        const seconds = elapsed();
        if (since < all.length) {
          encoder = await pretext.encoder();
          const part = all.slice(since);
          curve.push({
            step: all.length,
            seconds,
            loss: mean(part.map(({ loss }) => loss)),
            metric: mean(part.map(metricOf)),
            measured: await measureEncoder(encoder, measure),
          });
          since = all.length;
        }
        measuring += performance.now() - started;
      }
      progress({ fraction: Math.min(1, share()), note: describe(all, planned) });
      await breathe();
      signal.throwIfAborted();
    }
    const timed = all.slice(TIMED / 2);
    const milliseconds = timed.map((step) => step.milliseconds!);
    const trained: TrainedWithin<M> = {
      curve,
      steps: all.length,
      planned,
      seconds: elapsed(),
      stepTime: median(milliseconds),
      waiting: sum(timed.map(({ waited }) => waited!)) / sum(milliseconds),
      end,
      losses: all.map(({ loss }) => loss),
    };
    return { encoder, trained };
  } finally {
    pretext.dispose();
  }
}

async function measureEncoder<M>(
  encoder: Uint8Array,
  measure: (network: PretextNetwork) => Promise<M>,
): Promise<M> {
  const { network } = openEncoder(encoder);
  try {
    return await measure(network);
  } finally {
    network.dispose();
  }
}

async function planSteps(
  open: (steps: number) => Promise<Pretext>,
  { seconds }: TrainingBudget,
  began: number,
): Promise<number> {
  if (seconds === undefined) throw new InvalidInput("Expected a budget in seconds or in steps");
  const opened = performance.now();
  const trial = await open(TIMED);
  const times: number[] = [];
  // Threads start and the step is compiled in the first one, and again in the training's.
  let starting = 0;
  try {
    for await (const { milliseconds } of trial.train()) {
      if (times.length === 0) starting = performance.now() - opened;
      times.push(milliseconds!);
    }
  } finally {
    trial.dispose();
  }
  const left = seconds * 1000 - (performance.now() - began) - starting;
  return Math.max(TIMED, Math.floor((MARGIN * left) / median(times.slice(TIMED / 2))));
}

function describe(all: readonly TrainingStep[], planned: number): string {
  const recent = all.slice(-50);
  const loss = mean(recent.map((step) => step.loss)).toFixed(3);
  return `step ${all.length} of ${planned}, loss ${loss}, ${mean(recent.map(metricOf)).toFixed(2)}`;
}

function metricOf({ accuracy, displacement }: TrainingStep): number {
  return accuracy ?? displacement ?? NaN;
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
