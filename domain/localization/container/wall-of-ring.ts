import type { Grid } from "../../volumes/shape.ts";
import type { Wall } from "./container.ts";
import type { Ring } from "./find-ring.ts";
import { findInnerFace } from "./inner-face.ts";

/** The wall that a ring is, its inner face where the medium begins. */
export function wallOfRing(level: Grid, ring: Ring): Wall {
  const { centreY, centreX, radius, outerRadius } = ring;
  const solid = { shape: level.shape, data: new Uint8Array(level.data.length).fill(1) };
  const { at } = findInnerFace(level, solid, {
    ...{ centreY, centreX, radius, gauge: Math.hypot },
    from: Math.min((radius + outerRadius) / 2, radius + 1) + 1,
    contrast: () => Math.abs(ring.wall - ring.inside),
  });
  // The ring says where the face is: the walk may only add what blurs it.
  const section = {
    shape: "circle",
    radius: Math.max(Math.min(at, radius - 1), radius - 2),
  } as const;
  return { centreY, centreX, outerRadius, section };
}
