import { gaussian } from "../../volumes/gaussian.ts";
import type { Grid } from "../../volumes/shape.ts";

/**
 * Means of a level over thick slabs along z: what goes on along z stays sharp, noise does not, and
 * a specimen changes from one slab to the next.
 */
export interface Slabs {
  readonly height: number;
  readonly width: number;
  /** Slice in the middle of each slab. */
  readonly middles: readonly number[];
  /** `[Y, X]` each, blurred by .7 voxels. */
  readonly images: readonly Float32Array[];
  /** `[Y, X]`: root mean square deviation along z from the mean of the own slab. */
  readonly roughness: Float32Array;
}

/** About twelve slices a slab; 3 to 12 slabs. Fewer slices than 6 are too few to tell anything. */
export function axialSlabs({ shape: [z, y, x], data }: Grid): Slabs | undefined {
  if (z < 6) return undefined;
  const count = Math.min(12, Math.max(3, Math.round(z / 12)));
  const middles: number[] = [];
  const images: Float32Array[] = [];
  const squares = new Float32Array(y * x);
  for (let slab = 0; slab < count; slab++) {
    const [from, to] = [Math.round((slab * z) / count), Math.round(((slab + 1) * z) / count)];
    const mean = new Float32Array(y * x);
    for (let k = from; k < to; k++) {
      for (let i = 0, at = k * y * x; i < mean.length; i++, at++) mean[i]! += data[at]!;
    }
    for (let i = 0; i < mean.length; i++) mean[i]! /= to - from;
    for (let k = from; k < to; k++) {
      for (let i = 0, at = k * y * x; i < mean.length; i++, at++) {
        squares[i]! += (data[at]! - mean[i]!) ** 2 / z;
      }
    }
    middles.push((from + to - 1) / 2);
    images.push(gaussian({ shape: [1, y, x], data: mean }, 0.7).data);
  }
  return { height: y, width: x, middles, images, roughness: squares.map(Math.sqrt) };
}
