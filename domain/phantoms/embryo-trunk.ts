import { ellipsoidSkin } from "./ellipsoid.ts";
import type { Local } from "./frame.ts";

/** A point seen from the trunk, in units of the embryo's length. */
export interface TrunkPoint {
  /** Along the back, degrees of arc from −55 at the neck to 150 at the tip of the tail. */
  readonly angle: number;
  /** From the centre line towards the back, and to the left. */
  readonly out: number;
  readonly left: number;
  /** Half-widths here, back to belly and side to side. */
  readonly thick: number;
  readonly wide: number;
  /** Below the surface, negative outside. */
  readonly depth: number;
}

/** The centre line: an arc in the plane of along and back, curling the tail under the belly. */
const ARC = { along: 0.06, back: -0.16, radius: 0.33, from: -55, to: 150 };

/** Half-widths along the arc: degrees, back to belly, side to side. */
const PROFILE = [
  [-55, 0.14, 0.13],
  [0, 0.15, 0.14],
  [45, 0.13, 0.12],
  [80, 0.085, 0.08],
  [110, 0.05, 0.045],
  [150, 0.02, 0.02],
] as const;

/** Locate a point. Half-widths are at least `thinnest`. */
export function seeTrunk([along, left, back]: Local, thinnest: number): TrunkPoint {
  const [p, q] = [along - ARC.along, back - ARC.back];
  const around = (Math.atan2(p, q) * 180) / Math.PI;
  // What lies in the gap of the C belongs to the nearer of both ends.
  const angle = around < (ARC.from + ARC.to) / 2 - 180 ? around + 360 : around;
  const on = Math.min(ARC.to, Math.max(ARC.from, angle));
  const [thick, wide] = halfWidths(on).map((w) => Math.max(thinnest, w)) as [number, number];
  const beyond =
    angle === on
      ? Math.abs(Math.hypot(p, q) - ARC.radius)
      : Math.hypot(p - ARC.radius * sine(on), q - ARC.radius * sine(on + 90));
  const scaled = Math.hypot(beyond / thick, left / wide);
  const steep = Math.hypot(beyond / thick ** 2, left / wide ** 2);
  const depth = steep < 1e-9 ? Math.min(thick, wide) : (scaled * (1 - scaled)) / steep;
  return { angle: on, out: Math.hypot(p, q) - ARC.radius, left, thick, wide, depth };
}

/** Points on the trunk, as finely as placing needs. */
export function trunkSkin(): readonly Local[] {
  const points: Local[] = [];
  for (let angle = ARC.from; angle <= ARC.to; angle += 5) {
    const [thick, wide] = halfWidths(angle);
    for (let j = 0; j < 24; j++) {
      const out = ARC.radius + thick * sine(15 * j);
      points.push([
        ARC.along + out * sine(angle),
        wide * sine(15 * j + 90),
        ARC.back + out * sine(angle + 90),
      ]);
    }
  }
  const end = halfWidths(ARC.to)[0];
  const tip: Local = [
    ARC.along + ARC.radius * sine(ARC.to),
    0,
    ARC.back + ARC.radius * sine(ARC.to + 90),
  ];
  return [...points, ...ellipsoidSkin({ centre: tip, radii: [end, end, end] })];
}

function halfWidths(angle: number): readonly [thick: number, wide: number] {
  const i = Math.max(
    1,
    PROFILE.findIndex(([at]) => at >= angle),
  );
  const [lo, hi] = [PROFILE[i - 1]!, PROFILE[i]!];
  const f = (angle - lo[0]) / (hi[0] - lo[0]);
  return [lo[1] + f * (hi[1] - lo[1]), lo[2] + f * (hi[2] - lo[2])];
}

function sine(degrees: number): number {
  return Math.sin((degrees * Math.PI) / 180);
}
