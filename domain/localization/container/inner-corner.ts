import { median } from "../../volumes/median.ts";
import type { Grid, Mask } from "../../volumes/shape.ts";
import type { InnerFace } from "./inner-face.ts";
import { onLine } from "./line.ts";
import type { Line } from "./line.ts";
import type { Rectangle } from "./section.ts";

/**
 * How round the corners of a square tube are inside: the smallest radius, in voxels, whose arc
 * leaves nothing but medium within. Walls are often thicker there than along the sides.
 *
 * A point at the distances p and q from the two faces lies on the arc of radius p + q + √(2pq).
 */
export function findInnerCorner(
  { shape: [z, y, x], data }: Grid,
  solid: Mask,
  centreY: Line,
  centreX: Line,
  { halfU, halfV, radius, angle }: Rectangle,
  { medium, spread }: InnerFace,
): number {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const arcs: number[][] = Array.from({ length: Math.ceil(0.8 * radius) }, () => []);
  for (let k = 0, i = 0; k < z; k++) {
    const [cy, cx] = [onLine(centreY, k), onLine(centreX, k)];
    for (let j = 0; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if (solid.data[i] === 0) continue;
        const [dy, dx] = [j - cy, l - cx];
        const p = halfU - Math.abs(dy * cos + dx * sin);
        const q = halfV - Math.abs(dx * cos - dy * sin);
        // Near the diagonal only: towards the faces an arc runs along the wall.
        if (p < 0 || q < 0 || Math.abs(p - q) > 0.5 * (p + q) + 1) continue;
        const arc = Math.floor(p + q + Math.sqrt(2 * p * q));
        if (arc < arcs.length) arcs[arc]!.push(data[i]!);
      }
    }
  }
  const seen = arcs.map((arc) => median(arc));
  const begins = seen.findIndex((grey) => Math.abs(grey - medium) <= 4 * spread);
  return begins <= 0 ? 0 : begins + 1;
}
