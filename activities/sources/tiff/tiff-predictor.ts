import { bytesPerVoxel, viewVoxels } from "../../../domain/volumes/dtype.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";
import { type Endian, NATIVE, toNative } from "../byte-order.ts";

/**
 * Bring decompressed pixels into native order and undo their predictor, in place. Differences start
 * anew in every row.
 * @see TIFF 6.0, section 14; Adobe Photoshop TIFF Technical Note 3 (floating point)
 */
export function restorePixels(
  bytes: Uint8Array,
  width: number,
  dtype: Dtype,
  predictor: 1 | 2 | 3,
  endian: Endian,
): void {
  const size = bytesPerVoxel(dtype);
  if (predictor === 3) {
    const row = width * size;
    for (let at = 0; at + row <= bytes.length; at += row)
      restoreFloats(bytes.subarray(at, at + row));
    return;
  }
  toNative(bytes, size, endian);
  if (predictor === 1) return;
  // The differences of floats are those of their bits.
  const pixels = viewVoxels(dtype === "float32" ? "uint32" : dtype, bytes);
  for (let at = 0; at + width <= pixels.length; at += width) {
    for (let i = at + 1; i < at + width; i++) pixels[i]! += pixels[i - 1]!;
  }
}

/** A row of bytes, most significant ones of all pixels first, each the difference to the one before. */
function restoreFloats(row: Uint8Array): void {
  for (let i = 1; i < row.length; i++) row[i]! += row[i - 1]!;
  const n = row.length / 4;
  // Not `slice`: that of a Buffer is a view.
  const planes = new Uint8Array(row);
  for (let i = 0; i < n; i++) {
    for (let b = 0; b < 4; b++) {
      row[4 * i + (NATIVE === "little" ? 3 - b : b)] = planes[b * n + i]!;
    }
  }
}
