import type { View } from "../localization/view.ts";
import type { Random } from "../random.ts";
import { AXES } from "../volumes/shape.ts";
import type { Axis } from "../volumes/shape.ts";
import type { Pair } from "./rotated-pairs.ts";
import { createSliceStack } from "./slice-stack.ts";

export interface SliceSamplerOptions {
  /** Side of the images in pixels. */
  readonly imageSize: number;
  /** How far a twin may be, as a share of the axis; the paper's is 0.2, at 504 slices. */
  readonly twinRange: number;
  /** @default all three */
  readonly axes?: readonly Axis[];
}

/**
 * Draws pairs of whole slices: a random view, a random axis, a random slice ψ, and as twin any
 * slice within `twinRange` of the axis, itself included.
 *
 * @see arXiv 2011.03353, section 2.2: ψ̂ ~ U(ψ - l, ψ + l)
 */
export function createSliceSampler(
  views: readonly View[],
  { imageSize, twinRange, axes = AXES }: SliceSamplerOptions,
): (random: Random) => Pair {
  const stacks = views.flatMap(({ values }) =>
    axes.map((axis) => createSliceStack(values, axis, imageSize)),
  );
  return (random) => {
    const { count, plane, row, column, scale } = stacks[random.int(stacks.length)]!;
    const slice = random.int(count);
    const reach = Math.round(twinRange * count);
    const lo = Math.max(0, slice - reach);
    const hi = Math.min(count - 1, slice + reach);
    const twin = lo + random.int(hi - lo + 1);
    return { first: plane(slice), twin: plane(twin), row, column, scale };
  };
}
