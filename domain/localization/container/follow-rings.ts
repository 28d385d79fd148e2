import type { Slabs } from "./axial-slabs.ts";
import { findRing } from "./find-ring.ts";
import type { Ring, RingLimits } from "./find-ring.ts";

/** Walls within walls. */
export interface Rings {
  /** The innermost. */
  readonly ring?: Ring;
  readonly count: number;
  /** Why there is no further one. */
  readonly why: string;
}

/** Follow round walls inwards; each is at least 40 % as wide as the one around it. */
export function followRings(slabs: Slabs | undefined, limits: RingLimits): Rings {
  if (slabs === undefined) return { count: 0, why: "Too few slices to tell what goes on along z" };
  let [found, search]: [Ring | undefined, RingLimits] = [undefined, limits];
  for (let count = 0; ; count++) {
    const next = findRing(slabs, search);
    if (typeof next === "string") return { ...(found && { ring: found }), count, why: next };
    found = next;
    const { centreY, centreX, radius } = next;
    const section = { shape: "circle", radius: radius - 1 } as const;
    search = {
      least: 0.4 * radius,
      within: { centreY, centreX, outerRadius: radius, section },
    };
  }
}
