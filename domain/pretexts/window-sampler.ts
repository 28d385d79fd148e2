import { InvalidInput } from "../errors.ts";
import type { View } from "../localization/view.ts";
import type { Random } from "../random.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { quantile } from "../volumes/median.ts";
import type { Axis, Grid } from "../volumes/shape.ts";
import type { Pair } from "./rotated-pairs.ts";
import { otherAxes, planeOf } from "./plane.ts";

export interface WindowSamplerOptions {
  /** Diameter of a window in voxels of the view. */
  readonly windowSize: number;
}

/** Half of the windows lie where there is most to see: in this share of the valid voxels. */
const ENERGETIC_SHARE = 0.15;

interface Source {
  readonly view: View;
  /** Voxel indices that a window may be centred on, and those of them with most energy around. */
  readonly valid: Int32Array;
  readonly energetic: Int32Array;
}

/**
 * Draws pairs of windows: a random view, a random axis, a centre (for half of them uniform in the
 * valid voxels, for the others among the 15 % with the highest energy, which needs no labels), and
 * as twin the same place in the same slice or a neighbouring one.
 *
 * Views without a valid voxel are skipped. Throws `InvalidInput` when none has any.
 */
export function createWindowSampler(
  views: readonly View[],
  { windowSize }: WindowSamplerOptions,
): (random: Random) => Pair {
  const sources = views
    .map((view) => sourceOf(view, windowSize / 6))
    .filter(({ valid }) => valid.length > 0);
  if (sources.length === 0) {
    throw new InvalidInput(`Expected a view with valid voxels, got ${views.length} without`);
  }
  return (random) => {
    const { view, valid, energetic } = sources[random.int(sources.length)]!;
    const centres = random.next() < 0.5 ? energetic : valid;
    const at = place(view.values, centres[random.int(centres.length)]!);
    const axis = random.int(3) as Axis;
    const [row, column] = otherAxes(axis);
    const last = view.values.shape[axis] - 1;
    const twin = Math.min(Math.max(at[axis] + random.int(3) - 1, 0), last);
    return {
      first: planeOf(view.values, axis, at[axis]),
      twin: planeOf(view.values, axis, twin),
      row: at[row],
      column: at[column],
      scale: 1,
    };
  };
}

function sourceOf(view: View, reach: number): Source {
  const { values, valid } = view;
  const fine = gaussian(values, 0.7).data;
  const energy = gaussian(
    { shape: values.shape, data: fine.map((v, i) => v * v * valid.data[i]!) },
    reach,
  ).data;
  const inside = energy.filter((_, i) => valid.data[i] === 1);
  const least = quantile(inside, 1 - ENERGETIC_SHARE);
  const where = (keep: (i: number) => boolean) =>
    Int32Array.from(energy.keys()).filter((i) => valid.data[i] === 1 && keep(i));
  return { view, valid: where(() => true), energetic: where((i) => energy[i]! >= least) };
}

function place({ shape: [, y, x] }: Grid, index: number): readonly [number, number, number] {
  return [Math.floor(index / (y * x)), Math.floor(index / x) % y, index % x];
}
