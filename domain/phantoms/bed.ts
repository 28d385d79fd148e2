/** A half-shell along z that a specimen lies in, as in small-animal scanners. Lengths in voxels. */
export interface Bed {
  /** Outer radius of the cylinder that the shell is a part of. */
  readonly radius: number;
  readonly thickness: number;
  /** Direction of the shell's middle from the axis, radians from x towards y. */
  readonly azimuth: number;
  /** Half of the angle that the shell spans, radians. */
  readonly halfAngle: number;
  readonly mu: number;
}

/** Depth of a point inside the shell, voxels, negative outside, from its offset to the axis. */
export function bedDepth(bed: Bed, dy: number, dx: number): number {
  const radius = Math.hypot(dy, dx);
  const half = bed.thickness / 2;
  const turn = Math.atan2(dy, dx) - bed.azimuth;
  const off = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
  return Math.min(half - Math.abs(radius - bed.radius + half), (bed.halfAngle - off) * radius);
}
