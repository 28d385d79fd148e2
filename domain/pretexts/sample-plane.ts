import type { Plane } from "./plane.ts";
import type { Stencil } from "./stencil.ts";

/** How an image is taken from a plane. */
export interface Pose {
  /** What comes to the image's centre, in rows and columns of the plane. */
  readonly row: number;
  readonly column: number;
  /** The content turns by this, counter-clockwise as seen with rows downwards, in radians. */
  readonly angle: number;
  /** Pixels of the plane per pixel of the image. */
  readonly scale: number;
  /** Values are multiplied by it. */
  readonly gain: number;
}

/**
 * Turn, scale and cut in one go: bilinear samples of a plane at the pixels of a stencil, zero
 * beyond the plane's border. Writes into `out` from `offset` on; pixels outside the stencil stay.
 *
 * Cutting after turning is why a window's corners never show: every pixel of a disc is a sample.
 */
export function samplePlane(
  plane: Plane,
  { places, down, right }: Stencil,
  { row, column, angle, scale, gain }: Pose,
  out: Float32Array,
  offset: number,
): void {
  const { data, start, rows, columns, rowStride, columnStride } = plane;
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  for (let i = 0; i < places.length; i++) {
    const r = row + right[i]! * sin + down[i]! * cos;
    const c = column + right[i]! * cos - down[i]! * sin;
    const r0 = Math.floor(r);
    const c0 = Math.floor(c);
    if (r0 < -1 || c0 < -1 || r0 >= rows || c0 >= columns) continue;
    const fr = r - r0;
    const fc = c - c0;
    const at = start + r0 * rowStride + c0 * columnStride;
    let value: number;
    if (r0 >= 0 && c0 >= 0 && r0 + 1 < rows && c0 + 1 < columns) {
      const below = at + rowStride;
      value =
        (1 - fr) * ((1 - fc) * data[at]! + fc * data[at + columnStride]!) +
        fr * ((1 - fc) * data[below]! + fc * data[below + columnStride]!);
    } else {
      const pixel = (dr: number, dc: number) =>
        r0 + dr >= 0 && r0 + dr < rows && c0 + dc >= 0 && c0 + dc < columns
          ? data[at + dr * rowStride + dc * columnStride]!
          : 0;
      value =
        (1 - fr) * ((1 - fc) * pixel(0, 0) + fc * pixel(0, 1)) +
        fr * ((1 - fc) * pixel(1, 0) + fc * pixel(1, 1));
    }
    out[offset + places[i]!] = gain * value;
  }
}
