import { InvalidInput } from "../errors.ts";
import { mapAxes } from "../volumes/box.ts";
import type { Box } from "../volumes/shape.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import type { LocalizationScore } from "./localization-score.ts";

/** A mean over scans and its 95 % bootstrap interval over scans. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A localizer on a set of scans. Shares are 0 to 1; counts are of runs, a scan and a seed each. */
export interface LocalizationSummary {
  readonly scans: number;
  readonly runs: number;
  readonly maePx: Estimate;
  readonly relAxis: Estimate;
  readonly relSide: Estimate;
  readonly worstFace: Estimate;
  /** Share of the specimen's voxels; absent without masks. */
  readonly lost?: Estimate;
  readonly lostWithMargin?: Estimate;
  readonly kept: Estimate;
  readonly keptWithMargin: Estimate;
  readonly iou: Estimate;
  /** Mean signed error per face, in voxels: positive cuts into the specimen. */
  readonly cut: Box;
  /** Runs that lose any specimen voxel although there is a margin; absent without masks. */
  readonly lossy?: number;
  /** Runs whose true box lies within the box with its margin. */
  readonly covered: number;
  /** Runs that keep the scan whole. */
  readonly abstained: number;
}

/**
 * Summarise the scores of one or several seeds, each of the same scans in the same order. Intervals
 * are over scans, of each scan's mean over seeds: seeds of one scan are no scans more.
 */
export function summarizeLocalization(
  seeds: readonly (readonly LocalizationScore[])[],
): LocalizationSummary {
  const scans = seeds[0]?.length ?? 0;
  if (scans === 0 || seeds.some((scores) => scores.length !== scans)) {
    const lengths = seeds.map((scores) => scores.length).join(", ");
    throw new InvalidInput(`Expected scores of the same scans for each seed, got ${lengths || 0}`);
  }
  const runs = seeds.flat();
  const estimate = (of: (score: LocalizationScore) => number): Estimate => {
    const perScan = seeds[0]!.map((_, i) => mean(seeds.map((scores) => of(scores[i]!))));
    const [low, high] = bootstrapInterval(perScan);
    return { mean: mean(perScan), low, high };
  };
  const count = (is: (score: LocalizationScore) => boolean) => runs.filter(is).length;
  const masked = runs.every(({ lost }) => lost !== undefined);
  return {
    scans,
    runs: runs.length,
    maePx: estimate((score) => score.maePx),
    relAxis: estimate((score) => score.relAxis),
    relSide: estimate((score) => score.relSide),
    worstFace: estimate((score) => score.worstFace),
    ...(masked && {
      lost: estimate((score) => score.lost!),
      lostWithMargin: estimate((score) => score.lostWithMargin!),
      lossy: count((score) => score.lostWithMargin! > 0),
    }),
    kept: estimate((score) => score.kept),
    keptWithMargin: estimate((score) => score.keptWithMargin),
    iou: estimate((score) => score.iou),
    cut: mapAxes((axis) => [
      mean(runs.map(({ cut }) => cut[axis][0])),
      mean(runs.map(({ cut }) => cut[axis][1])),
    ]),
    covered: count((score) => score.covered),
    abstained: count((score) => score.abstained),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
