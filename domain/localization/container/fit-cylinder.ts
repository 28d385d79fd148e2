import { solvePositive } from "../../metrics/solve-positive.ts";
import type { Line } from "./line.ts";
import type { Edge, Polar } from "./polar.ts";

/** A circle that moves along a straight line. */
export interface Cylinder {
  readonly centreY: Line;
  readonly centreX: Line;
  readonly radius: number;
}

/**
 * Move a cylinder to where it fits edges best that were seen around it: the least squares of their
 * distances, to first order, without those that are far off.
 */
export function fitCylinder(
  { z, angle }: Pick<Polar, "z" | "angle">,
  edges: readonly Edge[],
  start: Cylinder,
): Cylinder {
  const middle = (z[0]! + z[z.length - 1]!) / 2;
  const half = Math.max(1, (z[z.length - 1]! - z[0]!) / 2);
  const rows = edges.map(({ cell }) => {
    const [s, c] = [Math.sin(angle[cell]!), Math.cos(angle[cell]!)];
    const along = (z[cell]! - middle) / half;
    return [1, s, c, along * s, along * c];
  });
  let kept = rows.map((_, i) => i);
  let fit = new Float64Array(5);
  for (const far of [1.5, 1, Infinity]) {
    const a = new Float64Array(25);
    const b = new Float64Array(5);
    for (const i of kept) {
      const row = rows[i]!;
      for (let p = 0; p < 5; p++) {
        b[p]! += row[p]! * (edges[i]!.radius - start.radius);
        for (let q = 0; q < 5; q++) a[p * 5 + q]! += row[p]! * row[q]!;
      }
    }
    // What the edges do not say stays as it is: a few of them for no movement at all.
    for (let p = 0; p < 5; p++) a[p * 6]! += 0.5;
    fit = solvePositive(a, b) as Float64Array<ArrayBuffer>;
    const off = rows.map((row, i) =>
      Math.abs(edges[i]!.radius - start.radius - row.reduce((sum, v, p) => sum + v * fit[p]!, 0)),
    );
    const nearer = rows.map((_, i) => i).filter((i) => off[i]! <= far);
    if (nearer.length < 20) break;
    kept = nearer;
  }
  const [radius, y, x, slopeY, slopeX] = fit as unknown as [number, number, number, number, number];
  const moved = (line: Line, by: number, slope: number): Line => ({
    slope: line.slope + slope / half,
    intercept: line.intercept + by - (slope / half) * middle,
  });
  return {
    centreY: moved(start.centreY, y, slopeY),
    centreX: moved(start.centreX, x, slopeX),
    radius: start.radius + radius,
  };
}
