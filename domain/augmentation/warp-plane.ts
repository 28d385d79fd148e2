import type { Plane } from "../pretexts/plane.ts";
import type { AffineMap } from "./affine-map.ts";

/** Where pixels are taken from, in pixels from the image's centre, before the affine map. */
export interface Warp {
  /** `[size]`: of each row, and of each column. */
  readonly down: Float64Array;
  readonly right: Float64Array;
  /** `[size²]`: added to both, per pixel. */
  readonly field?: { readonly down: Float32Array; readonly right: Float32Array };
}

/**
 * Deform, turn, zoom, shift and cut in one go: bilinear samples of a plane, zero beyond its border
 * (the samples of `scipy.ndimage.affine_transform`, order 1, mode grid-constant). One interpolation,
 * whatever happens, so that all slices are blurred alike.
 *
 * Writes `[size, size]` into `image`.
 */
export function warpPlane(
  plane: Plane,
  map: AffineMap,
  { down, right, field }: Warp,
  image: Float32Array,
): void {
  const { data, start, rows, columns, rowStride, columnStride } = plane;
  const { row, column, rowPerDown, rowPerRight, columnPerDown, columnPerRight } = map;
  const size = down.length;
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j < size; j++, at++) {
      const d = field ? down[i]! + field.down[at]! : down[i]!;
      const e = field ? right[j]! + field.right[at]! : right[j]!;
      const r = row + rowPerDown * d + rowPerRight * e;
      const c = column + columnPerDown * d + columnPerRight * e;
      const r0 = Math.floor(r);
      const c0 = Math.floor(c);
      if (r0 < -1 || c0 < -1 || r0 >= rows || c0 >= columns) {
        image[at] = 0;
        continue;
      }
      const fr = r - r0;
      const fc = c - c0;
      const here = start + r0 * rowStride + c0 * columnStride;
      const above = r0 >= 0;
      const below = r0 + 1 < rows;
      const left = c0 >= 0;
      const beside = c0 + 1 < columns;
      const next = here + rowStride;
      const a = above && left ? data[here]! : 0;
      const b = above && beside ? data[here + columnStride]! : 0;
      const e0 = below && left ? data[next]! : 0;
      const e1 = below && beside ? data[next + columnStride]! : 0;
      image[at] = (1 - fr) * ((1 - fc) * a + fc * b) + fr * ((1 - fc) * e0 + fc * e1);
    }
  }
}
