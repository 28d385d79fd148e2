import type { Room } from "./container.ts";
import { isClear, type Clearance, type Seat } from "./seat.ts";
import { skinSpan } from "./skin-bounds.ts";

/** Voxels at least between the skin and wall, plug or surface. */
export const CLEARANCE = 1.5;
const SHIFTS = 20;

/** Somewhere in the room, about its axis: clear of wall, plug, surface and the ends of the scan. */
export function createRoomSeat(room: Room, size: number, clearance: Clearance): Seat {
  return (skin, random) => {
    const [lowest, highest] = skinSpan(skin, 0);
    const rise = room.innerRadius * Math.hypot(...room.surfaceSlope);
    const from = room.plug + CLEARANCE - lowest;
    const to = Math.min(room.surface - rise, size) - CLEARANCE - highest;
    if (from > to) return undefined;
    const [y0, y1] = skinSpan(skin, 1);
    const [x0, x1] = skinSpan(skin, 2);
    for (let shift = 0; shift < SHIFTS; shift++) {
      const z = random.uniform(from, to);
      const up = z - (size - 1) / 2;
      const ay = room.axis[0] + room.slope[0] * up;
      const ax = room.axis[1] + room.slope[1] * up;
      const spread = 0.1 * size * (1 - shift / SHIFTS);
      const y = ay - (y0 + y1) / 2 + spread * random.normal();
      const x = ax - (x0 + x1) / 2 + spread * random.normal();
      if (isClear(skin, [z, y, x], clearance, CLEARANCE)) return [z, y, x];
    }
    return undefined;
  };
}
