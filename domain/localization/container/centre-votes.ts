import { gaussian } from "../../volumes/gaussian.ts";
import { robustSd } from "../../volumes/median.ts";
import type { Slabs } from "./axial-slabs.ts";
import type { Wall } from "./container.ts";
import { onLine } from "./line.ts";
import { createGauge } from "./section.ts";

type Point = readonly [y: number, x: number];

/**
 * Where circles of at least the radius `least` may have their centre: each edge of each slab votes
 * for the line across it. The best few places, best first, well apart.
 * @see Duda & Hart, Use of the Hough transformation to detect lines and curves in pictures, 1972
 */
export function centreVotes(slabs: Slabs, least: number, within?: Wall): Point[] {
  const { height, width } = slabs;
  const votes = new Float32Array(height * width);
  const largest = Math.hypot(height, width);
  for (const { y, x, dy, dx } of edgesOf(slabs, within)) {
    for (const turn of [1, -1]) {
      for (let r = least; r < largest; r++) {
        const j = Math.round(y + turn * r * dy);
        const i = Math.round(x + turn * r * dx);
        if (j < 0 || i < 0 || j >= height || i >= width) break;
        votes[j * width + i]!++;
      }
    }
  }
  const { data } = gaussian({ shape: [1, height, width], data: votes }, 2);
  const found: Point[] = [];
  while (found.length < MOST) {
    let best = -1;
    for (let at = 0; at < data.length; at++) {
      const [y, x] = [Math.floor(at / width), at % width];
      if (best >= 0 && data[at]! <= data[best]!) continue;
      if (found.every((p) => Math.hypot(p[0] - y, p[1] - x) > APART)) best = at;
    }
    if (best < 0 || data[best] === 0) break;
    found.push([Math.floor(best / width), best % width]);
  }
  return found;
}

const MOST = 4;
const APART = 8;

interface Vote {
  readonly y: number;
  readonly x: number;
  /** Unit vector along which the grey level changes most. */
  readonly dy: number;
  readonly dx: number;
}

function edgesOf({ height, width, middles, images }: Slabs, within?: Wall): Vote[] {
  const gauge = within && createGauge(within.section);
  const steps: number[] = [];
  const all: Vote[] = [];
  const size: number[] = [];
  images.forEach((image, slab) => {
    const [wy, wx] = within
      ? [onLine(within.centreY, middles[slab]!), onLine(within.centreX, middles[slab]!)]
      : [0, 0];
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        if (gauge && gauge(y - wy, x - wx) > within.section.radius - 1) continue;
        const at = y * width + x;
        const dy = image[at + width]! - image[at - width]!;
        const dx = image[at + 1]! - image[at - 1]!;
        steps.push(dy, dx);
        const length = Math.hypot(dy, dx);
        size.push(length);
        all.push({ y, x, dy: dy / length, dx: dx / length });
      }
    }
  });
  const most = size.reduce((a, b) => Math.max(a, b), 0);
  const least = Math.max(3 * robustSd(steps, 0), 0.01 * most, 1e-9);
  return all.filter((_, i) => size[i]! > least);
}
