import type { View } from "../localization/view.ts";
import type { Random } from "../random.ts";
import { samplePlane } from "./sample-plane.ts";
import { createSliceStack } from "./slice-stack.ts";
import { createStencil } from "./stencil.ts";

export interface SortingSamplerOptions {
  readonly imageSize: number;
  /** k: slices per batch, all of one view. */
  readonly slicesPerBatch: number;
}

export interface SliceBatch {
  /** `[k, size, size, 1]` */
  readonly images: Float32Array;
  /** Where along z each slice lies. */
  readonly positions: readonly number[];
}

/**
 * Draws slices to be sorted: k different ones of one random view along z (all, where it has fewer),
 * each turned, zoomed, shifted, and changed in gain, offset and noise by itself, so that only what
 * the slice shows tells its place.
 *
 * @see arXiv 2011.03353, section 2.1; the augmentation is localization.md's, section 8.2
 */
export function createSortingSampler(
  views: readonly View[],
  { imageSize, slicesPerBatch }: SortingSamplerOptions,
): (random: Random) => SliceBatch {
  const stacks = views.map(({ values }) => createSliceStack(values, 0, imageSize));
  const stencil = createStencil(imageSize, Infinity);
  const area = imageSize ** 2;
  return (random) => {
    const { count, plane, row, column, scale } = stacks[random.int(stacks.length)]!;
    const positions = choose(Math.min(slicesPerBatch, count), count, random);
    const images = new Float32Array(positions.length * area);
    positions.forEach((slice, n) => {
      const shift = () => random.uniform(-1 / 16, 1 / 16) * imageSize * scale;
      const pose = {
        row: row + shift(),
        column: column + shift(),
        angle: random.uniform(0, 2 * Math.PI),
        scale: scale / random.uniform(0.85, 1.15),
        gain: random.uniform(0.85, 1.15),
      };
      samplePlane(plane(slice), stencil, pose, images, n * area);
      const offset = random.uniform(-0.1, 0.1);
      const noise = random.uniform(0, 0.15);
      for (let i = n * area; i < (n + 1) * area; i++)
        images[i]! += offset + noise * random.normal();
    });
    return { images, positions };
  };
}

/** `k` different numbers below `n`, in random order (the beginning of a Fisher–Yates shuffle). */
function choose(k: number, n: number, random: Random): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < k; i++) {
    const j = i + random.int(n - i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, k);
}
