import type { Zyx } from "../volumes/shape.ts";
import { bodyAxes, type Attitude } from "./body-axes.ts";

/** Where and how the animal lies. Lengths in voxels. */
export interface FishPose extends Attitude {
  readonly kind: "fish";
  /** Middle of the straight line from nose to tail. */
  readonly centre: Zyx;
  readonly length: number;
  /** Largest half-widths of the trunk, side to side and back to belly. */
  readonly halfWidths: readonly [lateral: number, dorsoventral: number];
  /** Sideways arc and S-curve, and back-to-belly arc, over the length. */
  readonly bend: readonly [arc: number, wave: number, sag: number];
}

/** A point seen from the animal. `depth` is the distance below the skin, negative outside. Voxels. */
export interface BodyPoint {
  /** 0 at the nose, 1 at the end of the tail. */
  t: number;
  /** From the centre line to the left. */
  side: number;
  /** From the centre line to the back. */
  back: number;
  depth: number;
}

/** The animal's outline: tapered head, trunk and tail with its fin, along a bent centre line. */
export interface FishBody {
  readonly pose: FishPose;
  /** Half-widths at `t`, voxels. */
  lateral(t: number): number;
  dorsoventral(t: number): number;
  /** Locate a voxel; overwrites `point`. False, and `point` undefined, where the body cannot be. */
  locate(z: number, y: number, x: number, point: BodyPoint): boolean;
  /** Points on the skin, for finding room: `[n][z, y, x]`. */
  surface(): readonly Zyx[];
}

const KNOTS = 1024;
/** Thinnest half-width, so that fins do not fall between voxels. */
const THINNEST = 0.8;

export function createFishBody(pose: FishPose): FishBody {
  const { centre, length, halfWidths, bend } = pose;
  const [u, v, w] = bodyAxes(pose);
  const table = (f: (t: number) => number) =>
    Float64Array.from({ length: KNOTS + 1 }, (_, i) => f(i / KNOTS));
  const a = table((t) => Math.max(THINNEST, halfWidths[0] * lateralProfile(t)));
  const b = table((t) => Math.max(THINNEST, halfWidths[1] * dorsoventralProfile(t)));
  const side = table(
    (t) => length * (bend[0] * (4 * (t - 0.5) ** 2 - 1 / 3) + bend[1] * Math.sin(2 * Math.PI * t)),
  );
  const back = table((t) => length * bend[2] * (4 * (t - 0.5) ** 2 - 1 / 3));
  const [da, db, dside, dback] = [a, b, side, back].map(slopes) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const knot = (t: number) => Math.min(KNOTS, Math.max(0, Math.round(t * KNOTS)));

  return {
    pose,
    lateral: (t) => a[knot(t)]!,
    dorsoventral: (t) => b[knot(t)]!,
    locate(z, y, x, point) {
      const dz = z - centre[0];
      const dy = y - centre[1];
      const dx = x - centre[2];
      const along = dz * u[0] + dy * u[1] + dx * u[2];
      const t = along / length + 0.5;
      if (t * length < -1 || (t - 1) * length > 1) return false;
      const i = knot(t);
      const p = dz * v[0] + dy * v[1] + dx * v[2] - side[i]!;
      const q = dz * w[0] + dy * w[1] + dx * w[2] - back[i]!;
      const ra = p / a[i]!;
      const rb = q / b[i]!;
      const r = Math.hypot(ra, rb);
      if (r > 3) return false;
      // Distance to first order: (1 − r)/|∇r|, and the plane ends at nose and tail.
      const rise =
        r < 1e-9
          ? 0
          : -((ra * (dside[i]! + ra * da[i]!)) / a[i]! + (rb * (dback[i]! + rb * db[i]!)) / b[i]!) /
            (r * length);
      const slope =
        r < 1e-9
          ? 1 / Math.min(a[i]!, b[i]!)
          : Math.sqrt((ra / a[i]!) ** 2 + (rb / b[i]!) ** 2 + (r * rise) ** 2) / r;
      point.t = t;
      point.side = p;
      point.back = q;
      point.depth = Math.min((1 - r) / slope, t * length, (1 - t) * length);
      return true;
    },
    surface() {
      const points: Zyx[] = [];
      for (let i = 0; i <= KNOTS; i += 16) {
        for (let j = 0; j < 24; j++) {
          const angle = (2 * Math.PI * j) / 24;
          const p = side[i]! + a[i]! * Math.cos(angle);
          const q = back[i]! + b[i]! * Math.sin(angle);
          const s = (i / KNOTS - 0.5) * length;
          const at = (axis: 0 | 1 | 2) => centre[axis] + s * u[axis] + p * v[axis] + q * w[axis];
          points.push([at(0), at(1), at(2)]);
        }
      }
      return points;
    },
  };
}

/** Head, trunk and tail as in method.md §7.2, relative to the trunk. */
function trunkProfile(t: number): number {
  if (t < 0.3) return Math.sqrt(1 - ((t - 0.3) / 0.3) ** 2);
  if (t < 0.6) return 1 - (t - 0.3) * 1.4;
  return Math.max(0.1, 0.58 - (t - 0.6) * 1.35);
}

/** The fin is a thin sheet. */
function lateralProfile(t: number): number {
  return t < 0.84 ? trunkProfile(t) : Math.max(0.07, trunkProfile(t) - (t - 0.84));
}

function dorsoventralProfile(t: number): number {
  return t < 0.84 ? trunkProfile(t) : Math.max(trunkProfile(t), 0.18 + (t - 0.84) * 1.6);
}

/** Central differences per unit of t. */
function slopes(values: Float64Array): Float64Array {
  return values.map((_, i) => {
    const lo = Math.max(0, i - 1);
    const hi = Math.min(KNOTS, i + 1);
    return ((values[hi]! - values[lo]!) * KNOTS) / (hi - lo);
  });
}
