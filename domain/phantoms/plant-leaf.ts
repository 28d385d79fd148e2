import type { Local } from "./frame.ts";
import type { Rod } from "./rod.ts";

/** A leaf on its stalk. Lengths over the plant's, angles in radians. */
export interface LeafDraw {
  /** Where it leaves the stem, 0 at the root, 1 at the tip. */
  readonly height: number;
  /** Around the stem. */
  readonly azimuth: number;
  /** From the stem, 0 along it. */
  readonly angle: number;
  readonly length: number;
  /** Largest half-width of the blade. */
  readonly width: number;
  /** How much the blade bends back along its length, and rolls up across it. */
  readonly curl: number;
  readonly cup: number;
}

/** A point seen from a leaf. */
export interface LeafPoint {
  readonly depth: number;
  /** Along the blade, 0 to 1, and across it, −1 to 1. */
  readonly along: number;
  readonly across: number;
  /** From the middle of the sheet. */
  readonly off: number;
}

export interface Leaf {
  readonly stalk: Rod;
  /** Locate a point on the blade. */
  see(p: Local): LeafPoint;
  skin(): readonly Local[];
}

const STALK = 0.1;
/** Half of the blade's thickness, and how much thicker it is at the midrib. */
const SHEET = 0.008;
const MIDRIB = 1.4;

/** A leaf on the stem at `base`; no half-width is less than `thinnest`. */
export function createLeaf(leaf: LeafDraw, base: Local, thinnest: number): Leaf {
  const { azimuth, angle, length, width, curl, cup } = leaf;
  const radial: Local = [0, Math.cos(azimuth), Math.sin(azimuth)];
  const across: Local = [0, -radial[2], radial[1]];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const along: Local = [-cos, sin * radial[1], sin * radial[2]];
  const normal: Local = [-sin, -cos * radial[1], -cos * radial[2]];
  const start = sum(base, along, STALK);
  const sheet = Math.max(thinnest, SHEET);
  const halfWidth = (u: number) =>
    width * Math.sin(Math.PI * Math.min(1, Math.max(0, u)) ** 0.8) ** 0.7;
  const thickness = (m: number) => sheet * (1 + MIDRIB * Math.exp(-((m / (2.5 * sheet)) ** 2)));
  const rise = (u: number, m: number) => (cup * m * m) / width - curl * length * u * u;

  return {
    stalk: {
      from: base,
      to: sum(start, along, 0.03),
      radii: [Math.max(thinnest, 0.016), Math.max(thinnest, 0.011)],
    },
    see(p) {
      const d: Local = [p[0] - start[0], p[1] - start[1], p[2] - start[2]];
      const u = dot(d, along) / length;
      const m = dot(d, across);
      const half = halfWidth(u);
      const off =
        (dot(d, normal) - rise(u, m)) / Math.hypot(1, 2 * curl * u, (2 * cup * m) / width);
      const depth = Math.min(
        thickness(m) - Math.abs(off),
        0.7 * (half - Math.abs(m)),
        u * length,
        (1 - u) * length,
      );
      return { depth, along: u, across: half > 0 ? m / half : 0, off };
    },
    skin() {
      return Array.from({ length: 13 }, (_, i) => i / 12).flatMap((u) =>
        [-1, -0.5, 0, 0.5, 1].flatMap((side) => {
          const m = side * halfWidth(u);
          const on = sum(sum(start, along, u * length), across, m);
          return [-1, 1].map((face) => sum(on, normal, rise(u, m) + face * thickness(m)));
        }),
      );
    },
  };
}

function dot(a: Local, b: Local): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function sum(a: Local, b: Local, times: number): Local {
  return [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]];
}
