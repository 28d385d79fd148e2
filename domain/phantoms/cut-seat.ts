import type { Room } from "./container.ts";
import { CLEARANCE } from "./room-seat.ts";
import { isClear, type Clearance, type Seat } from "./seat.ts";
import { skinSpan } from "./skin-bounds.ts";

/** Share of the specimen's length, width or height that is out of sight. */
const CUT = [0.15, 0.4] as const;

/**
 * Across a face of the field of view, clear of the container. `sideways`: whether it may be a face
 * of y or x, which needs room there.
 */
export function createCutSeat(
  room: Room,
  size: number,
  clearance: Clearance,
  sideways: boolean,
): Seat {
  return (skin, random) => {
    const axis = (sideways ? random.int(3) : 0) as 0 | 1 | 2;
    const isLow = random.next() < 0.5;
    const share = random.uniform(...CUT);
    const centre = ([0, 1, 2] as const).map((k) => {
      const [lo, hi] = skinSpan(skin, k);
      const out = share * (hi - lo);
      if (k === axis) return isLow ? -out - lo : size - 1 + out - hi;
      const middle = k === 0 ? (size - 1) / 2 : room.axis[k - 1]!;
      return middle - (lo + hi) / 2 + 0.06 * size * random.normal();
    });
    const at = [centre[0]!, centre[1]!, centre[2]!] as const;
    return isClear(skin, at, clearance, CLEARANCE) ? at : undefined;
  };
}
