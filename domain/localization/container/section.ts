/** A cross-section of a container around its centre; lengths in voxels. */
export type Section = Circle | Rectangle;

export interface Circle {
  readonly shape: "circle";
  readonly radius: number;
}

export interface Rectangle {
  readonly shape: "rectangle";
  /** Half of the shorter side. */
  readonly radius: number;
  /** Half of the sides along the directions `angle` and `angle` + 90 degrees. */
  readonly halfU: number;
  readonly halfV: number;
  /** Radius of the rounded corners. */
  readonly corner: number;
  /** From y towards x, in radians. */
  readonly angle: number;
}

/** Distance from the centre, measured so that it is the same all along the outline. */
export type Gauge = (dy: number, dx: number) => number;

/**
 * The gauge of a section: inside is where it is less than `section.radius`, and the difference is
 * the depth below the outline in voxels.
 */
export function createGauge(section: Section): Gauge {
  if (section.shape === "circle") return Math.hypot;
  const { radius, halfU, halfV, corner, angle } = section;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (dy, dx) => {
    const u = Math.abs(dy * cos + dx * sin) - halfU + corner;
    const v = Math.abs(dx * cos - dy * sin) - halfV + corner;
    const beyond = Math.hypot(Math.max(u, 0), Math.max(v, 0));
    return radius - corner + beyond + Math.min(Math.max(u, v), 0);
  };
}

/** A rectangle with its outline `by` voxels further in. */
export function insetRectangle(section: Rectangle, by: number, corner: number): Rectangle {
  return {
    ...section,
    radius: section.radius - by,
    halfU: section.halfU - by,
    halfV: section.halfV - by,
    corner: Math.min(corner, section.radius - by),
  };
}
