import { createAugmenter } from "../augmentation/create-augmenter.ts";
import type { AugmentationConfig } from "../augmentation/augmentation-config.ts";
import { InvalidInput } from "../errors.ts";
import type { View } from "../localization/view.ts";
import type { Random } from "../random.ts";
import type { Interval } from "../volumes/shape.ts";
import { drawPositions } from "./draw-positions.ts";
import type { SliceDistribution } from "./slice-distribution.ts";
import { createSliceStack } from "./slice-stack.ts";

export interface SortingSamplerOptions {
  readonly imageSize: number;
  /** k: slices per batch, all of one view. */
  readonly slicesPerBatch: number;
  /** What happens to each slice by itself, so that only what it shows tells its place. */
  readonly augmentation: AugmentationConfig;
  /** @default uniform, none twice */
  readonly distribution?: SliceDistribution;
  /** Per view, between which slices to draw; undefined: all of them. @default all */
  readonly ranges?: readonly (Interval | undefined)[];
}

export interface SliceBatch {
  /** `[k, size, size, 1]` */
  readonly images: Float32Array;
  /** Where along z each slice lies. */
  readonly positions: readonly number[];
}

/**
 * Draws slices to be sorted: k of one random view along z, each augmented. Throws `InvalidInput`
 * where no view has two slices; those that have not are left out.
 *
 * @see arXiv 2011.03353, section 2.1
 */
export function createSortingSampler(
  views: readonly View[],
  { imageSize, slicesPerBatch, augmentation, distribution, ranges }: SortingSamplerOptions,
): (random: Random) => SliceBatch {
  const stacks = views
    .map(({ values }, i) => {
      const range: Interval = ranges?.[i] ?? [0, values.shape[0]];
      return { ...createSliceStack(values, 0, imageSize), range };
    })
    .filter(({ range: [lo, hi] }) => hi - lo >= 2);
  if (stacks.length === 0) {
    throw new InvalidInput("Expected a view with two slices or more to sort, got none");
  }
  const augment = createAugmenter(augmentation, { imageSize });
  const area = imageSize ** 2;
  return (random) => {
    const { range, plane, row, column, scale } = stacks[random.int(stacks.length)]!;
    const which = distribution ?? { kind: "uniform" };
    const positions = drawPositions(which, slicesPerBatch, range, random);
    const images = new Float32Array(positions.length * area);
    positions.forEach((slice, n) => {
      augment(plane(slice), { row, column, scale }, random, images, n * area);
    });
    return { images, positions };
  };
}
