import type { Local } from "./frame.ts";

/** An ellipsoid along the axes of a body. */
export interface Ellipsoid {
  readonly centre: Local;
  readonly radii: Local;
}

/**
 * Distance of a point below the surface, in the body's unit: exact for a ball, else to first order.
 * @see Quilez, "Ellipsoid SDF", 2008: k₀·(k₀ − 1)/k₁.
 */
export function ellipsoidDepth({ centre, radii }: Ellipsoid, p: Local): number {
  const [a, b, c] = [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]];
  const scaled = Math.hypot(a / radii[0], b / radii[1], c / radii[2]);
  const steep = Math.hypot(a / radii[0] ** 2, b / radii[1] ** 2, c / radii[2] ** 2);
  return steep < 1e-9 ? Math.min(...radii) : (scaled * (1 - scaled)) / steep;
}

/** Points on the surface, for finding room: `rings` from pole to pole. */
export function ellipsoidSkin({ centre, radii }: Ellipsoid, rings = 12): readonly Local[] {
  const points: Local[] = [];
  for (let i = 0; i <= rings; i++) {
    const polar = (Math.PI * i) / rings;
    for (let j = 0; j < 2 * rings; j++) {
      const angle = (Math.PI * j) / rings;
      points.push([
        centre[0] + radii[0] * Math.cos(polar),
        centre[1] + radii[1] * Math.sin(polar) * Math.cos(angle),
        centre[2] + radii[2] * Math.sin(polar) * Math.sin(angle),
      ]);
    }
  }
  return points;
}
