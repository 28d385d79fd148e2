import type { Ring } from "./find-ring.ts";

/** A ring in words, with the numbers that make it one. */
export function describeRing(ring: Ring): string {
  const { radius, outerRadius, arc, found, inside, wall, off } = ring;
  return `a round wall between the radii ${radius.toFixed(1)} and ${outerRadius.toFixed(1)} voxels, ${arc.toFixed(0)} degrees of it in view and ${(100 * found).toFixed(0)} % of that seen, round to ${off.toFixed(2)} voxels, its grey level ${Number((wall - inside).toPrecision(2))} from what is within`;
}
