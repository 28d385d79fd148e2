import type { ObjectStore } from "../deps.ts";
import { stepValues } from "./log-point.ts";
import type { LogPoint } from "./log-point.ts";
import { decodeMetrics, encodeMetrics } from "./metrics-log.ts";
import { encodeEvents } from "./tensorboard-log.ts";

export interface TrainingLogOptions {
  /** Steps per point, which holds their means. @default 1 */
  readonly every?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a training says while it trains; kept in memory until it is flushed. */
export interface TrainingLog {
  /**
   * Take down a step that has been done. One that was done before (the training went back to a
   * checkpoint) replaces itself and all later ones.
   */
  add(step: { readonly step: number }): void;
  /**
   * Store what has been added since the last time, as one object for each kind of reader: objects
   * cannot grow. Call it with every checkpoint, so that log and checkpoint say the same.
   *
   * Drops what an earlier attempt logged of later steps.
   */
  flush(): Promise<void>;
}

const DIGITS = 9;

/**
 * The log of a campaign, under `campaigns/<campaign>/logs/`: `steps-<first step>.jsonl` for programs,
 * and `events.out.tfevents.<first step>` for TensorBoard, whose folder it is.
 */
export function createTrainingLog(
  store: ObjectStore,
  campaign: string,
  { every = 1, now }: TrainingLogOptions,
): TrainingLog {
  let points: { readonly first: number; readonly point: LogPoint }[] = [];
  let open: { readonly step: number; readonly values: Record<string, number> }[] = [];
  const close = () => {
    const last = open.at(-1);
    if (last === undefined) return;
    const point = { step: last.step, time: now(), values: means(open.map(({ values }) => values)) };
    points.push({ first: open[0]!.step, point });
    open = [];
  };
  return {
    add(done) {
      const { step } = done;
      points = points.filter(({ point }) => point.step < step);
      open = open.filter((other) => other.step < step);
      open.push({ step, values: stepValues(done) });
      if (open.length >= every) close();
    },
    async flush() {
      close();
      const [first] = points;
      if (first === undefined) return;
      // Before anything is written: whoever dies in between must not leave old steps after new ones.
      for (const key of await segments(store, campaign)) {
        if (firstStep(key) > first.first) await store.delete(key);
      }
      const encoded = points.map(({ point }) => point);
      await store.put(metricsKey(campaign, first.first), encodeMetrics(encoded));
      await store.put(eventsKey(campaign, first.first), encodeEvents(encoded));
      points = [];
    },
  };
}

/** All that a campaign has logged, step by step. Throws `CorruptData` naming what is damaged. */
export async function readTrainingLog(store: ObjectStore, campaign: string): Promise<LogPoint[]> {
  let points: LogPoint[] = [];
  for (const key of await segments(store, campaign)) {
    if (!key.endsWith(".jsonl")) continue;
    const bytes = await store.get(key);
    if (bytes === undefined) continue; // dropped by a training that went back
    points = points.filter(({ step }) => step < firstStep(key));
    points.push(...decodeMetrics(bytes, key));
  }
  return points;
}

function metricsKey(campaign: string, first: number): string {
  return `${prefixOf(campaign)}steps-${number(first)}.jsonl`;
}

function eventsKey(campaign: string, first: number): string {
  return `${prefixOf(campaign)}events.out.tfevents.${number(first)}`;
}

function prefixOf(campaign: string): string {
  return `campaigns/${campaign}/logs/`;
}

function number(step: number): string {
  return String(step).padStart(DIGITS, "0");
}

function firstStep(key: string): number {
  return Number(/(\d+)(?:\.jsonl)?$/.exec(key)?.[1]);
}

async function segments(store: ObjectStore, campaign: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefixOf(campaign))) keys.push(key);
  return keys;
}

/** The mean of each value over those that have it. */
function means(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(all.flatMap(Object.keys));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = all.flatMap((one) => one[name] ?? []);
      return [name, values.reduce((sum, v) => sum + v, 0) / values.length];
    }),
  );
}
