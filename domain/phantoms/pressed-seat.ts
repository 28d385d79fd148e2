import type { Zyx } from "../volumes/shape.ts";
import { isClear, type Clearance, type Seat } from "./seat.ts";

/**
 * Where another seat puts it, then moved sideways until only `gap` voxels are left to the wall;
 * with a negative gap the wall presses into it. `direction`: radians from x towards y.
 */
export function createPressedSeat(
  seat: Seat,
  size: number,
  clearance: Clearance,
  gap: number,
  direction: number,
): Seat {
  return (skin, random) => {
    const centre = seat(skin, random);
    if (!centre) return undefined;
    const moved = (by: number): Zyx => [
      centre[0],
      centre[1] + by * Math.sin(direction),
      centre[2] + by * Math.cos(direction),
    ];
    let [near, far] = [0, size];
    while (far - near > 0.01) {
      const by = (near + far) / 2;
      if (isClear(skin, moved(by), clearance, gap)) near = by;
      else far = by;
    }
    return moved(near);
  };
}
