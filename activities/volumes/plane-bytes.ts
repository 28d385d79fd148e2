import { bytesPerVoxel, dtypeOf } from "../../domain/volumes/dtype.ts";
import type { VoxelArray } from "../../domain/volumes/shape.ts";
import { type Endian, NATIVE, toNative } from "../sources/byte-order.ts";

/** A plane's bytes in the byte order of a file; a copy where that is not this machine's. */
export function planeBytes(plane: VoxelArray, endian: Endian): Buffer {
  const bytes = Buffer.from(plane.buffer, plane.byteOffset, plane.byteLength);
  const size = bytesPerVoxel(dtypeOf(plane));
  if (size === 1 || endian === NATIVE) return bytes;
  const swapped = Buffer.from(bytes);
  toNative(swapped, size, endian); // its own inverse
  return swapped;
}
