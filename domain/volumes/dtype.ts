import type { Dtype, VoxelArray } from "./shape.ts";

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
} as const satisfies Record<Dtype, unknown>;

/** Bytes one voxel takes. */
export function bytesPerVoxel(dtype: Dtype): number {
  return ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** A zeroed array of `length` voxels. */
export function createVoxels(dtype: Dtype, length: number): VoxelArray {
  return new ARRAYS[dtype](length);
}

/** See bytes as voxels without copying; `bytes` must start at a multiple of the voxel's size. */
export function viewVoxels(dtype: Dtype, bytes: Uint8Array): VoxelArray {
  const size = bytesPerVoxel(dtype);
  return new ARRAYS[dtype](
    bytes.buffer as ArrayBuffer,
    bytes.byteOffset,
    Math.floor(bytes.byteLength / size),
  );
}

/** The dtype whose array this is. */
export function dtypeOf(data: VoxelArray): Dtype {
  for (const [dtype, array] of Object.entries(ARRAYS)) {
    if (data instanceof array) return dtype as Dtype;
  }
  throw new TypeError(`Not a voxel array: ${Object.prototype.toString.call(data)}`);
}
