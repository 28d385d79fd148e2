import { createVoxels } from "../../domain/volumes/dtype.ts";
import type { Box, Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import { boxShape } from "../../domain/volumes/box.ts";
import type { ScanSource } from "../sources/source.ts";
import { encodeBlosc } from "../volumes/blosc-frame.ts";

/** Voxels per chunk along each axis, as stored volumes have it. */
const CHUNK = 64;

/**
 * Bytes that parts of a scan take after the lossless codec of stored volumes, in chunks of 64³; chunks
 * of zeros take none, as in a store. The scan is read once.
 */
export async function compressedBytes(
  source: Pick<ScanSource, "shape" | "dtype" | "planes">,
  boxes: readonly Box[],
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const [, , width] = source.shape;
  const parts = boxes.map((box) => createPart(box, source.dtype));
  let z = 0;
  for await (const plane of source.planes(signal)) {
    for (const part of parts) part.add(plane, z, width);
    z++;
  }
  return parts.map((part) => part.bytes());
}

function createPart(box: Box, dtype: Dtype) {
  const [[z0, z1], [y0, y1], [x0, x1]] = box;
  const [, height, wide] = boxShape(box);
  const slab = createVoxels(dtype, Math.min(CHUNK, z1 - z0) * height * wide);
  let planes = 0;
  let bytes = 0;
  return {
    bytes: () => bytes,
    add(plane: VoxelArray, z: number, width: number): void {
      if (z < z0 || z >= z1) return;
      for (let y = y0, at = planes * height * wide; y < y1; y++, at += wide) {
        slab.set(plane.subarray(y * width + x0, y * width + x1), at);
      }
      planes++;
      if (planes < CHUNK && z < z1 - 1) return;
      bytes += chunkBytes(slab, [planes, height, wide]);
      planes = 0;
    },
  };
}

function chunkBytes(slab: VoxelArray, [depth, height, width]: Zyx): number {
  let bytes = 0;
  for (let y = 0; y < height; y += CHUNK) {
    for (let x = 0; x < width; x += CHUNK) {
      const [rows, columns] = [Math.min(CHUNK, height - y), Math.min(CHUNK, width - x)];
      const chunk = slab.slice(0, depth * rows * columns);
      for (let k = 0, at = 0; k < depth; k++) {
        for (let j = 0; j < rows; j++, at += columns) {
          const from = (k * height + y + j) * width + x;
          chunk.set(slab.subarray(from, from + columns), at);
        }
      }
      if (chunk.every((v) => v === 0)) continue;
      const raw = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      bytes += encodeBlosc(raw, chunk.BYTES_PER_ELEMENT).length;
    }
  }
  return bytes;
}
