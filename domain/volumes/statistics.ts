import type { VoxelArray } from "./shape.ts";

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

/** Root of the mean square distance from the mean; 0 for an empty or constant volume. */
export function standardDeviation(voxels: VoxelArray): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < voxels.length; i++) sum += voxels[i]!;
  const mean = sum / Math.max(1, voxels.length);
  for (let i = 0; i < voxels.length; i++) squares += (voxels[i]! - mean) ** 2;
  return Math.sqrt(squares / Math.max(1, voxels.length));
}
