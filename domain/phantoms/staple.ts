import type { Zyx } from "../volumes/shape.ts";
import { seeRod, type Rod } from "./rod.ts";
import type { Clearance } from "./seat.ts";

/** A bent piece of steel wire: its corners in voxels z, y, x. */
export interface Staple {
  readonly corners: readonly [Zyx, Zyx, Zyx, Zyx];
  readonly radius: number;
  readonly mu: number;
}

/** Distance below the wire's surface, voxels; negative outside. */
export function stapleDepth({ corners, radius }: Staple): Clearance {
  const rods = [0, 1, 2].map((i): Rod => ({
    from: corners[i]!,
    to: corners[i + 1]!,
    radii: [radius, radius],
  }));
  return (z, y, x) => Math.max(...rods.map((rod) => seeRod(rod, [z, y, x]).depth));
}
