import type { Random } from "../random.ts";
import type { Zyx } from "../volumes/shape.ts";
import { createFishBody, type FishPose } from "./fish-body.ts";
import type { Room } from "./container.ts";
import type { PhantomPreset, Span } from "./presets.ts";

type Limits = Pick<
  PhantomPreset,
  "bodyLength" | "bodyGirth" | "bodyTilt" | "bodyBend" | "boxFraction"
>;

/** Voxels at least between the skin and wall, plug or surface. */
const CLEARANCE = 1.5;
const POSES = 200;
const SHIFTS = 20;

/**
 * Draw a pose that fits: clear of the wall, the plug and the medium's surface, and with a box of
 * the wanted size.
 *
 * Poses and sideways shifts are drawn until one fits. Each failed pose makes the next a little
 * smaller and straighter, so that the search ends in any tube; a box too small for
 * `limits.boxFraction` is then accepted.
 */
export function placeFish(limits: Limits, size: number, room: Room, random: Random): FishPose {
  const draw = ([lo, hi]: Span) => random.uniform(lo, hi);
  for (let attempt = 0; ; attempt++) {
    const ease = Math.max(0.05, 1 - Math.max(0, attempt - POSES / 2) / POSES);
    const pose: FishPose = {
      centre: [0, 0, 0],
      length: draw(limits.bodyLength) * size * ease,
      halfWidths: [
        (24 / 128) * size * draw(limits.bodyGirth) * ease,
        (31 / 128) * size * draw(limits.bodyGirth) * ease,
      ],
      tilt: draw(limits.bodyTilt) * ease,
      azimuth: random.uniform(0, 360),
      roll: random.uniform(0, 360),
      head: random.next() < 0.5 ? "up" : "down",
      bend: [draw(limits.bodyBend) * ease, 0.04 * random.normal() * ease, 0.02 * random.normal()],
    };
    const skin = createFishBody(pose).surface();
    const fraction = boxFraction(skin, size);
    const isWanted = fraction >= limits.boxFraction[0] && fraction <= limits.boxFraction[1];
    const centre = findRoom(skin, size, room, random);
    if (centre && (isWanted || attempt >= 2 * POSES)) return { ...pose, centre };
  }
}

/** A centre for a body whose skin is given about the origin, or undefined where none was found. */
function findRoom(skin: readonly Zyx[], size: number, room: Room, random: Random): Zyx | undefined {
  const lowest = Math.min(...skin.map((p) => p[0]));
  const highest = Math.max(...skin.map((p) => p[0]));
  const rise = room.innerRadius * Math.hypot(...room.surfaceSlope);
  const from = room.plug + CLEARANCE - lowest;
  const to = room.surface - rise - CLEARANCE - highest;
  if (from > to) return undefined;
  const limit = (room.innerRadius - CLEARANCE) ** 2;
  const [y0, y1] = span(skin, 1);
  const [x0, x1] = span(skin, 2);
  for (let shift = 0; shift < SHIFTS; shift++) {
    const z = random.uniform(from, to);
    const up = z - (size - 1) / 2;
    const ay = room.axis[0] + room.slope[0] * up;
    const ax = room.axis[1] + room.slope[1] * up;
    const spread = 0.1 * size * (1 - shift / SHIFTS);
    const y = ay - (y0 + y1) / 2 + spread * random.normal();
    const x = ax - (x0 + x1) / 2 + spread * random.normal();
    const isInside = skin.every(
      (p) =>
        (p[1] + y - ay - room.slope[0] * p[0]) ** 2 + (p[2] + x - ax - room.slope[1] * p[0]) ** 2 <
        limit,
    );
    if (isInside) return [z, y, x];
  }
  return undefined;
}

function boxFraction(skin: readonly Zyx[], size: number): number {
  const sides = ([0, 1, 2] as const).map((axis) => {
    const [lo, hi] = span(skin, axis);
    return hi - lo;
  }) as [number, number, number];
  return (sides[0] * sides[1] * sides[2]) / size ** 3;
}

function span(skin: readonly Zyx[], axis: 0 | 1 | 2): readonly [number, number] {
  let lo = Infinity;
  let hi = -Infinity;
  for (const point of skin) {
    lo = Math.min(lo, point[axis]);
    hi = Math.max(hi, point[axis]);
  }
  return [lo, hi];
}
