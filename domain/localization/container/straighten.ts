import type { Slabs } from "./axial-slabs.ts";
import type { Wall } from "./container.ts";
import { onLine } from "./line.ts";
import type { Line } from "./line.ts";

/** Slabs moved so that what lies along a tilted axis lies in one place. */
export interface Straight {
  readonly images: readonly Float32Array[];
  /** How far something has moved in slice z; 0 halfway. */
  readonly shiftY: Line;
  readonly shiftX: Line;
}

/** Largest slope that is looked for, in voxels per slice, and in what steps. */
const STEEPEST = 0.03;
const STEP = 0.005;

/**
 * Move slabs by the wall's slope, or by the one that leaves most in one place in every slab: what is
 * least different from the background over the slabs is summed, and a shell that does not stay in
 * place leaves nothing.
 */
export function straighten(
  slabs: Slabs,
  visible: Uint8Array,
  background: number,
  least: number,
  wall?: Wall,
): Straight {
  const middle = (slabs.middles[0]! + slabs.middles.at(-1)!) / 2;
  const line = (slope: number): Line => ({ slope, intercept: -slope * middle });
  const moved = (slopeY: number, slopeX: number): Straight => {
    const [shiftY, shiftX] = [line(slopeY), line(slopeX)];
    return {
      images: slabs.images.map((image, i) =>
        move(image, slabs, onLine(shiftY, slabs.middles[i]!), onLine(shiftX, slabs.middles[i]!)),
      ),
      shiftY,
      shiftX,
    };
  };
  if (wall) return moved(wall.centreY.slope, wall.centreX.slope);

  // Clipped, so that bright bone does not outweigh a faint bed.
  const apart = slabs.images.map((image) =>
    image.map((v) => Math.min(10, Math.abs(v - background) / least)),
  );
  const agreement = (slopeY: number, slopeX: number): number => {
    const common = new Float32Array(visible.length).fill(Infinity);
    apart.forEach((image, i) => {
      const at = slabs.middles[i]!;
      const shifted = move(image, slabs, onLine(line(slopeY), at), onLine(line(slopeX), at));
      for (let p = 0; p < common.length; p++) common[p] = Math.min(common[p]!, shifted[p]!);
    });
    return common.reduce((sum, v, p) => sum + (visible[p] === 1 ? v : 0), 0);
  };
  let [slopeY, slopeX] = [0, 0];
  for (let round = 0; round < 2; round++) {
    slopeY = steepest((slope) => agreement(slope, slopeX));
    slopeX = steepest((slope) => agreement(slopeY, slope));
  }
  return moved(slopeY, slopeX);
}

function steepest(score: (slope: number) => number): number {
  let [best, most] = [0, score(0)];
  for (let slope = STEP; slope <= STEEPEST + 1e-9; slope += STEP) {
    for (const signed of [slope, -slope]) {
      const value = score(signed);
      if (value > most) [best, most] = [signed, value];
    }
  }
  return best;
}

/** The image at `(y + dy, x + dx)`, interpolated; its edge goes on beyond it. */
function move(image: Float32Array, { height, width }: Slabs, dy: number, dx: number): Float32Array {
  if (dy === 0 && dx === 0) return image;
  const out = new Float32Array(image.length);
  const [y0, x0] = [Math.floor(dy), Math.floor(dx)];
  const [fy, fx] = [dy - y0, dx - x0];
  const clamp = (v: number, n: number) => Math.min(Math.max(v, 0), n - 1);
  for (let y = 0, at = 0; y < height; y++) {
    const top = clamp(y + y0, height) * width;
    const bottom = clamp(y + y0 + 1, height) * width;
    for (let x = 0; x < width; x++, at++) {
      const [left, right] = [clamp(x + x0, width), clamp(x + x0 + 1, width)];
      const upper = image[top + left]! + fx * (image[top + right]! - image[top + left]!);
      const lower = image[bottom + left]! + fx * (image[bottom + right]! - image[bottom + left]!);
      out[at] = upper + fy * (lower - upper);
    }
  }
  return out;
}
