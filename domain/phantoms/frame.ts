import type { Zyx } from "../volumes/shape.ts";

/** A point in a body's own frame and unit: along it from head to tail, to its left, to its back. */
export type Local = readonly [along: number, left: number, back: number];

/** A body's frame in the scan. */
export interface Frame {
  readonly toLocal: (z: number, y: number, x: number) => Local;
  readonly toScan: (p: Local) => Zyx;
}

/** The frame about a centre, whose unit is `unit` voxels, along axes of length 1 (`bodyAxes`). */
export function createFrame(centre: Zyx, unit: number, axes: readonly [Zyx, Zyx, Zyx]): Frame {
  const [u, v, w] = axes;
  return {
    toLocal: (z, y, x) => {
      const dz = (z - centre[0]) / unit;
      const dy = (y - centre[1]) / unit;
      const dx = (x - centre[2]) / unit;
      return [
        dz * u[0] + dy * u[1] + dx * u[2],
        dz * v[0] + dy * v[1] + dx * v[2],
        dz * w[0] + dy * w[1] + dx * w[2],
      ];
    },
    toScan: (p) => {
      const at = (k: 0 | 1 | 2) => centre[k] + unit * (p[0] * u[k] + p[1] * v[k] + p[2] * w[k]);
      return [at(0), at(1), at(2)];
    },
  };
}
