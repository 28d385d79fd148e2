import type { Random } from "../random.ts";
import type { Zyx } from "../volumes/shape.ts";

/**
 * A way of finding a place for a specimen whose skin is given about the origin: the centre to move
 * it to, or undefined where none was found.
 */
export type Seat = (skin: readonly Zyx[], random: Random) => Zyx | undefined;

/** How far a place is from what it must be clear of, in voxels; negative beyond. */
export type Clearance = (z: number, y: number, x: number) => number;

/** Whether all of a skin that is moved to a centre is more than `gap` voxels clear. */
export function isClear(
  skin: readonly Zyx[],
  [z, y, x]: Zyx,
  clearance: Clearance,
  gap: number,
): boolean {
  return skin.every((p) => clearance(p[0] + z, p[1] + y, p[2] + x) > gap);
}
