import type { VoxelArray } from "./shape.ts";

/** What is known of a volume's values after one pass. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** Collect statistics plane by plane; of no voxels at all, min, max and mean are 0. */
export function createStatistics() {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  return {
    add(voxels: VoxelArray): void {
      const part = summarize(voxels);
      min = Math.min(min, part.min);
      max = Math.max(max, part.max);
      sum += part.sum;
      count += voxels.length;
    },
    result: (): Statistics =>
      count === 0 ? { min: 0, max: 0, mean: 0, count } : { min, max, mean: sum / count, count },
  };
}

function summarize(voxels: VoxelArray) {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (let i = 0; i < voxels.length; i++) {
    const v = voxels[i]!;
    if (v < min) min = v;
    if (v > max) max = v;
    sum += v;
  }
  return { min, max, sum };
}

/**
 * Values below which the given shares (0 to 1) of the voxels lie, by rank without interpolation.
 * Sorts a copy: for coarse levels, not for whole scans.
 */
export function percentiles(voxels: VoxelArray, shares: readonly number[]): readonly number[] {
  const sorted = voxels.slice().sort();
  return shares.map((share) => {
    const rank = Math.round(share * (sorted.length - 1));
    return sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? 0;
  });
}

/** Index of the first voxel that is NaN or infinite, and how many there are; undefined when none. */
export function findNonFinite(
  voxels: VoxelArray,
): { readonly first: number; readonly count: number } | undefined {
  if (!(voxels instanceof Float32Array)) return undefined;
  // The sum of finite floats in double precision is finite; any other value makes it NaN or infinite.
  let sum = 0;
  for (let i = 0; i < voxels.length; i++) sum += voxels[i]!;
  if (Number.isFinite(sum)) return undefined;
  let [first, count] = [-1, 0];
  for (let i = 0; i < voxels.length; i++) {
    if (Number.isFinite(voxels[i]!)) continue;
    if (first < 0) first = i;
    count++;
  }
  return { first, count };
}
