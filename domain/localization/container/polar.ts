import { robustSd } from "../../volumes/median.ts";
import type { Slabs } from "./axial-slabs.ts";
import type { Wall } from "./container.ts";
import { onLine } from "./line.ts";
import type { Line } from "./line.ts";
import { createGauge } from "./section.ts";

/** Directions around the axis, 5 degrees each. */
export const SECTORS = 72;

/** Slabs around a line in polar coordinates. A cell is a slab and a direction. */
export interface Polar {
  readonly cells: number;
  /** Distances 0, 1, 2, … voxels. */
  readonly radii: number;
  /** Grey level at `cell·radii + r`; NaN where it is not seen. */
  readonly values: Float32Array;
  /** Height of cells' slabs. */
  readonly z: Float32Array;
  /** Angle of cells' directions, from x towards y, radians. */
  readonly angle: Float32Array;
}

/** A place where the grey level changes along a direction. */
export interface Edge {
  readonly cell: number;
  /** In voxels, finer than a voxel. */
  readonly radius: number;
  /** 1 where it gets brighter outwards. */
  readonly sign: 1 | -1;
}

/** Sample slabs around the line, inside `within` only if it is given. */
export function samplePolar(
  { height, width, middles, images }: Slabs,
  centreY: Line,
  centreX: Line,
  within?: Wall,
): Polar {
  const radii = Math.ceil(Math.hypot(height, width));
  const cells = middles.length * SECTORS;
  const values = new Float32Array(cells * radii).fill(NaN);
  const z = new Float32Array(cells);
  const angle = new Float32Array(cells);
  const gauge = within && createGauge(within.section);
  for (let cell = 0; cell < cells; cell++) {
    const slab = Math.floor(cell / SECTORS);
    const image = images[slab]!;
    z[cell] = middles[slab]!;
    angle[cell] = ((cell % SECTORS) * 2 * Math.PI) / SECTORS;
    const [cy, cx] = [onLine(centreY, z[cell]!), onLine(centreX, z[cell]!)];
    const [wy, wx] = within
      ? [onLine(within.centreY, z[cell]!), onLine(within.centreX, z[cell]!)]
      : [0, 0];
    for (let r = 0; r < radii; r++) {
      let [sum, seen] = [0, 0];
      for (const turn of FAN) {
        const y = cy + r * Math.sin(angle[cell]! + turn);
        const x = cx + r * Math.cos(angle[cell]! + turn);
        if (!(y >= 0 && x >= 0 && y <= height - 1 && x <= width - 1)) continue;
        if (gauge && gauge(y - wy, x - wx) > within.section.radius) continue;
        sum += bilinear(image, width, height, y, x);
        seen++;
      }
      // A ray that has left the view does not come back.
      if (seen === 0) break;
      if (seen === FAN.length) values[cell * radii + r] = sum / seen;
    }
  }
  return { cells, radii, values, z, angle };
}

/** Rays of a direction. */
const FAN = [-0.6, 0, 0.6].map((step) => (step * Math.PI) / SECTORS);

function bilinear(
  image: Float32Array,
  width: number,
  height: number,
  y: number,
  x: number,
): number {
  const [j, i] = [Math.min(Math.floor(y), height - 2), Math.min(Math.floor(x), width - 2)];
  if (j < 0 || i < 0) return image[0]!;
  const [fy, fx] = [y - j, x - i];
  const at = j * width + i;
  const top = image[at]! + fx * (image[at + 1]! - image[at]!);
  const bottom = image[at + width]! + fx * (image[at + width + 1]! - image[at + width]!);
  return top + fy * (bottom - top);
}

/** Where the grey level changes most along each direction, where that is more than noise. */
export function findEdges({ cells, radii, values }: Polar): Edge[] {
  const slope = new Float32Array(values.length).fill(NaN);
  const seen: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    for (let r = 1, at = cell * radii + 1; r < radii - 1; r++, at++) {
      slope[at] = values[at + 1]! - values[at - 1]!;
      if (!Number.isNaN(slope[at]!)) seen.push(slope[at]!);
    }
  }
  const extreme = seen.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  // The floor is for scans without noise.
  const least = Math.max(3 * robustSd(seen, 0), 0.01 * extreme, 1e-9);
  const edges: Edge[] = [];
  for (let cell = 0; cell < cells; cell++) {
    for (let r = 2, at = cell * radii + 2; r < radii - 2; r++, at++) {
      const here = Math.abs(slope[at]!);
      if (!(here > least)) continue;
      const sign = slope[at]! > 0 ? 1 : -1;
      const [before, after] = [sign * slope[at - 1]!, sign * slope[at + 1]!];
      // NaN beside it: at the border of what is seen nothing is known.
      if (!(here >= before && here > after)) continue;
      const bend = before - 2 * here + after;
      edges.push({ cell, sign, radius: r + (bend < 0 ? (0.5 * (before - after)) / bend : 0) });
    }
  }
  return edges;
}
