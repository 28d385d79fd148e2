import { createAugmenter } from "../augmentation/create-augmenter.ts";
import type { AugmentationConfig } from "../augmentation/augmentation-config.ts";
import type { View } from "../localization/view.ts";
import type { Random } from "../random.ts";
import { createSliceSampler } from "./slice-sampler.ts";

export interface ContrastiveSamplerOptions {
  readonly imageSize: number;
  /** Slices per batch, of any views and axes. */
  readonly batchSize: number;
  /** How far from the slice its second view may be taken, as a share of the axis; 0: the slice. */
  readonly twinRange: number;
  readonly augmentation: AugmentationConfig;
}

export interface ViewBatch {
  /** First views of the slices, `[n, size, size, 1]`. */
  readonly a: Float32Array;
  /** Second views, in the same order. */
  readonly b: Float32Array;
}

/**
 * Draws slices and two views of each, augmented independently: what a contrastive pretext must
 * recognise as the same. With a `twinRange`, neighbouring slices count as the same, as in the
 * authors' code.
 */
export function createContrastiveSampler(
  views: readonly View[],
  { imageSize, batchSize, twinRange, augmentation }: ContrastiveSamplerOptions,
): (random: Random) => ViewBatch {
  const sample = createSliceSampler(views, { imageSize, twinRange });
  const augment = createAugmenter(augmentation, { imageSize });
  const area = imageSize ** 2;
  return (random) => {
    const a = new Float32Array(batchSize * area);
    const b = new Float32Array(batchSize * area);
    for (let n = 0; n < batchSize; n++) {
      const { first, twin, ...place } = sample(random);
      augment(first, place, random, a, n * area);
      augment(twin, place, random, b, n * area);
    }
    return { a, b };
  };
}
