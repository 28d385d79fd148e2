import { bytesPerVoxel } from "./dtype.ts";
import type { Dtype } from "./shape.ts";

/** The nearest value that a voxel can have: rounded half up and clipped for whole numbers. */
export function fillValue(value: number, dtype: Dtype): number {
  if (dtype === "float32") return Math.fround(value);
  const bits = bytesPerVoxel(dtype) * 8;
  const [min, max] = dtype.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]; // prettier-ignore
  return Math.min(max, Math.max(min, Math.floor(value + 0.5)));
}
