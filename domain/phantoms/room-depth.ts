import type { Container } from "./container.ts";
import { createReach } from "./outline.ts";

/**
 * How far a point is from what bounds the room, in voxels: positive inside, negative beyond.
 * Without an outline, the circle of `innerRadius` counts, which in a bed is the shell's inside.
 */
export function createRoomDepth(
  { axis, slope, room, innerRadius }: Pick<Container, "axis" | "slope" | "room" | "innerRadius">,
  size: number,
): (z: number, y: number, x: number) => number {
  const reach = createReach(room ?? { kind: "round", radius: innerRadius });
  const radius = room?.radius ?? innerRadius;
  return (z, y, x) => {
    const up = z - (size - 1) / 2;
    return radius - reach(y - axis[0] - slope[0] * up, x - axis[1] - slope[1] * up);
  };
}
