import type { Random } from "../random.ts";
import { createCutSeat } from "./cut-seat.ts";
import type { Vessel } from "./draw-container.ts";
import type { PhantomRequest } from "./phantom-request.ts";
import { createPressedSeat } from "./pressed-seat.ts";
import { createRoomDepth } from "./room-depth.ts";
import { createRoomSeat } from "./room-seat.ts";
import type { Clearance, Seat } from "./seat.ts";

/** How far a wall presses into what touches it, voxels. */
const PRESSED = 0.8;

/** Where a specimen goes: in the room and in view, on the bed, against the wall, or out of view. */
export function chooseSeat(
  { container, case: name }: Required<PhantomRequest>,
  vessel: Vessel,
  size: number,
  random: Random,
): Seat {
  const depth = createRoomDepth(vessel, size);
  const direction = random.uniform(0, 2 * Math.PI);
  const seat =
    name === "cut"
      ? cutSeat(container === "no-air", vessel, size, depth)
      : createRoomSeat(vessel, size, inView(depth, size));
  const { bed } = vessel;
  if (name === "touching-wall") {
    return createPressedSeat(seat, size, depth, -PRESSED, bed?.azimuth ?? direction);
  }
  if (bed) return createPressedSeat(seat, size, depth, random.uniform(1, 3), bed.azimuth);
  return seat;
}

/** Sideways only where there is no wall in view, and no bed. */
function cutSeat(isWide: boolean, vessel: Vessel, size: number, depth: Clearance): Seat {
  const isOpen = !vessel.room && !vessel.bed;
  return createCutSeat(vessel, size, isOpen ? () => Infinity : depth, isWide || isOpen);
}

/** Clear of the rim of the field of view too: the circle that all projections see. */
export function inView(depth: Clearance, size: number): Clearance {
  const middle = (size - 1) / 2;
  return (z, y, x) => Math.min(depth(z, y, x), size / 2 - Math.hypot(y - middle, x - middle));
}
