import type { Random } from "../random.ts";
import type { Ball, Room } from "./container.ts";
import type { Span } from "./presets.ts";

/** Bubbles of air on the wall, below the surface. */
export function drawBubbles(
  random: Random,
  count: Span,
  size: number,
  room: Room,
): readonly Ball[] {
  return Array.from({ length: wholeNumber(random, count) }, () => {
    const radius = (random.uniform(1.5, 4) * size) / 128;
    const z = random.uniform(room.plug, room.surface - 2 * radius);
    return {
      centre: inTube(random, room, size, z, room.innerRadius - 0.7 * radius),
      radius,
      mu: 0,
    };
  });
}

/** Specks of dirt anywhere in the medium. */
export function drawSpecks(
  random: Random,
  { specks, speckMu }: { readonly specks: Span; readonly speckMu: Span },
  size: number,
  room: Room,
): readonly Ball[] {
  return Array.from({ length: wholeNumber(random, specks) }, () => {
    const radius = Math.max(0.7, (random.uniform(0.8, 1.8) * size) / 128);
    const z = random.uniform(room.plug, room.surface - 2 * radius);
    const distance = Math.sqrt(random.next()) * (room.innerRadius - radius);
    return {
      centre: inTube(random, room, size, z, distance),
      radius,
      mu: random.uniform(speckMu[0], speckMu[1]),
    };
  });
}

function wholeNumber(random: Random, [lo, hi]: Span): number {
  return lo + random.int(hi - lo + 1);
}

function inTube(random: Random, room: Room, size: number, z: number, distance: number) {
  const angle = random.uniform(0, 2 * Math.PI);
  const rise = z - (size - 1) / 2;
  return [
    z,
    room.axis[0] + room.slope[0] * rise + distance * Math.sin(angle),
    room.axis[1] + room.slope[1] * rise + distance * Math.cos(angle),
  ] as const;
}
