import { CorruptData, InvalidInput } from "../../domain/errors.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import type { Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import { findNonFinite } from "../../domain/volumes/statistics.ts";

/** Larger planes would not fit the buffers that codecs return. */
const MAX_PLANE_BYTES = 2 ** 31 - 1;

/** `CorruptData` when a plane holds NaN or infinity. @param subject names the plane, as in `P03: slice 4 of 9 (s_3.tif)` */
export function checkFinite(plane: VoxelArray, width: number, subject: string): VoxelArray {
  const found = findNonFinite(plane);
  if (found === undefined) return plane;
  const { first, count } = found;
  throw new CorruptData(
    `${subject}: ${count} of ${plane.length} voxels are not finite, the first (${plane[first]}) at y=${Math.floor(first / width)}, x=${first % width}`,
  );
}

/** `InvalidInput` unless every axis has 1 or more voxels and a plane can be held. */
export function checkShape(shape: Zyx, dtype: Dtype, subject: string): void {
  if (shape.some((n) => !Number.isSafeInteger(n) || n < 1)) {
    throw new InvalidInput(`${subject}: expected 1 or more voxels along z, y, x, got [${shape}]`);
  }
  const bytes = shape[1] * shape[2] * bytesPerVoxel(dtype);
  if (bytes > MAX_PLANE_BYTES) {
    throw new InvalidInput(
      `${subject}: a slice of ${shape[1]}x${shape[2]} ${dtype} takes ${bytes} bytes, more than ${MAX_PLANE_BYTES}`,
    );
  }
}
