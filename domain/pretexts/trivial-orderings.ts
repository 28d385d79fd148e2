import { spearman } from "../metrics/spearman.ts";
import { quantile } from "../volumes/median.ts";
import type { Grid } from "../volumes/shape.ts";

/** Ways to sort slices without learning anything but a direction. */
export const TRIVIAL_ORDERINGS = ["area", "mean", "std", "p99"] as const;

export type TrivialOrdering = (typeof TRIVIAL_ORDERINGS)[number];

/** A number per slice along z, by ordering. */
export type TrivialScores = Readonly<Record<TrivialOrdering, Float64Array>>;

/** Levels that are tried for the area: these shares of the training voxels lie below. */
const LEVELS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/**
 * What a network must beat (localization.md §8.3): the order of slices by their area above a grey
 * level, by their mean, their standard deviation, their 99th percentile.
 *
 * The grey level, and the direction of each ordering, are those that fit the training volumes best
 * (mean of Spearman's ρ with the position): a control as strong as it gets without learning.
 *
 * @returns for a volume, scores that ascend along z as far as the ordering works
 */
export function fitTrivialOrderings(
  training: readonly Grid<Float32Array>[],
): (volume: Grid<Float32Array>) => TrivialScores {
  const agreement = (scores: (grid: Grid<Float32Array>) => Float64Array) =>
    training.reduce((sum, grid) => {
      const values = scores(grid);
      const rho = spearman(values, Array.from(values.keys()));
      return sum + (Number.isNaN(rho) ? 0 : rho);
    }, 0);
  const pooled = sample(training);
  const levels = LEVELS.map((share) => quantile(pooled, share));
  const fits = levels.map((level) => Math.abs(agreement((grid) => areaAbove(grid, level))));
  const level = levels[fits.indexOf(Math.max(...fits))]!;
  const measured = new Map(training.map((grid) => [grid, measure(grid, level)]));
  const signs = TRIVIAL_ORDERINGS.map(
    (name) => [name, agreement((grid) => measured.get(grid)![name]) < 0 ? -1 : 1] as const,
  );
  return (volume) => {
    const scores = measure(volume, level);
    return Object.fromEntries(
      signs.map(([name, sign]) => [name, scores[name].map((v) => sign * v)]),
    ) as unknown as TrivialScores;
  };
}

/** So many values of each volume are enough for its quantiles. */
const SAMPLE = 200_000;

function sample(volumes: readonly Grid<Float32Array>[]): Float64Array {
  return Float64Array.from(
    volumes.flatMap(({ data }) => {
      const step = Math.max(1, Math.floor(data.length / SAMPLE));
      return Array.from({ length: Math.floor(data.length / step) }, (_, i) => data[i * step]!);
    }),
  );
}

/** Pixels above a level in each slice. */
function areaAbove({ shape: [z, y, x], data }: Grid<Float32Array>, level: number): Float64Array {
  const area = new Float64Array(z);
  for (let k = 0, i = 0; k < z; k++) {
    let count = 0;
    for (const end = (k + 1) * y * x; i < end; i++) if (data[i]! > level) count++;
    area[k] = count;
  }
  return area;
}

function measure(grid: Grid<Float32Array>, level: number): TrivialScores {
  const { shape, data } = grid;
  const [z, y, x] = shape;
  const mean = new Float64Array(z);
  const std = new Float64Array(z);
  const p99 = new Float64Array(z);
  for (let k = 0; k < z; k++) {
    const slice = data.subarray(k * y * x, (k + 1) * y * x);
    for (const v of slice) mean[k]! += v / slice.length;
    for (const v of slice) std[k]! += (v - mean[k]!) ** 2 / slice.length;
    p99[k] = quantile(slice, 0.99);
  }
  return { area: areaAbove(grid, level), mean, std: std.map(Math.sqrt), p99 };
}

/** Each ordering the way that it mostly goes: what a flip-invariant network is to be compared with. */
export function turnUp(scores: TrivialScores): TrivialScores {
  const turned = TRIVIAL_ORDERINGS.map((name) => {
    const rho = spearman(scores[name], Array.from(scores[name].keys()));
    return [name, rho < 0 ? scores[name].map((v) => -v) : scores[name]] as const;
  });
  return Object.fromEntries(turned) as unknown as TrivialScores;
}
