/** The learning curve so far, and the last losses one by one; plain JSON. */
export interface History {
  /** Points of the curve are means over this many steps, a power of two. */
  readonly stride: number;
  /** The last step of each point. */
  readonly steps: readonly number[];
  readonly loss: readonly number[];
  /** Accuracy or displacement, as the pretext has it. */
  readonly metric: readonly number[];
  /** Losses and metrics after the last point, fewer than `stride`. */
  readonly pending: readonly (readonly [loss: number, metric: number])[];
  /** Losses of the last steps, oldest first, at most `RECENT`. */
  readonly recent: readonly number[];
}

/** How many single losses are kept: what a plateau is judged by. */
export const RECENT = 100;

/** The curve never has more points; when it would, neighbours are merged. */
const MOST_POINTS = 512;

export const NO_HISTORY: History = {
  stride: 1,
  steps: [],
  loss: [],
  metric: [],
  pending: [],
  recent: [],
};

/** The history with one more step in it. */
export function record(history: History, step: number, loss: number, metric: number): History {
  const recent = [...history.recent.slice(1 - RECENT), loss];
  const pending = [...history.pending, [loss, metric] as const];
  if (pending.length < history.stride) return { ...history, pending, recent };
  const grown: History = {
    stride: history.stride,
    steps: [...history.steps, step],
    loss: [...history.loss, mean(pending.map(([loss]) => loss))],
    metric: [...history.metric, mean(pending.map(([, metric]) => metric))],
    pending: [],
    recent,
  };
  return grown.steps.length < MOST_POINTS ? grown : thin(grown);
}

/** Mean of the last losses; NaN before the first. */
export function recentLoss({ recent }: History): number {
  return mean(recent);
}

function thin(history: History): History {
  const pairs = (values: readonly number[]) =>
    values.flatMap((v, i) => (i % 2 === 1 ? [(values[i - 1]! + v) / 2] : []));
  return {
    ...history,
    stride: 2 * history.stride,
    steps: history.steps.filter((_, i) => i % 2 === 1),
    loss: pairs(history.loss),
    metric: pairs(history.metric),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
