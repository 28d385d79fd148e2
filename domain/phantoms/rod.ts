import { ellipsoidSkin } from "./ellipsoid.ts";
import type { Local } from "./frame.ts";

/** A rod with round ends that tapers from one to the other. */
export interface Rod {
  readonly from: Local;
  readonly to: Local;
  readonly radii: readonly [from: number, to: number];
}

/** Where a point is, seen from a rod. Lengths in the body's unit. */
export interface RodPoint {
  /** Below the surface, to first order in the taper. */
  readonly depth: number;
  /** Along the rod, 0 to 1. */
  readonly at: number;
  /** From its axis. */
  readonly off: number;
}

/** Locate a point. */
export function seeRod({ from, to, radii }: Rod, p: Local): RodPoint {
  const [a, b, c] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const [d, e, f] = [p[0] - from[0], p[1] - from[1], p[2] - from[2]];
  const at = Math.min(1, Math.max(0, (d * a + e * b + f * c) / (a * a + b * b + c * c)));
  const off = Math.hypot(d - at * a, e - at * b, f - at * c);
  return { depth: radii[0] + at * (radii[1] - radii[0]) - off, at, off };
}

/** Points on balls strung along the rod, for finding room. */
export function rodSkin({ from, to, radii }: Rod): readonly Local[] {
  return Array.from({ length: 7 }, (_, i) => i / 6).flatMap((at) => {
    const radius = radii[0] + at * (radii[1] - radii[0]);
    const along = (k: 0 | 1 | 2) => from[k] + at * (to[k] - from[k]);
    const centre = [along(0), along(1), along(2)] as const;
    return ellipsoidSkin({ centre, radii: [radius, radius, radius] }, 6);
  });
}
