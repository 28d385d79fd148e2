/** A line `intercept + slope·z` in voxels. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Position of the line at `z`. */
export function onLine(line: Line, z: number): number {
  return line.intercept + line.slope * z;
}

/** The line through `[z, value]` points with the least squared error; level for a single z. */
export function fitLine(points: readonly (readonly [z: number, value: number])[]): Line {
  const n = points.length;
  const meanZ = points.reduce((sum, [z]) => sum + z, 0) / n;
  const meanV = points.reduce((sum, [, v]) => sum + v, 0) / n;
  const spread = points.reduce((sum, [z]) => sum + (z - meanZ) ** 2, 0);
  const joint = points.reduce((sum, [z, v]) => sum + (z - meanZ) * (v - meanV), 0);
  const slope = spread === 0 ? 0 : joint / spread;
  return { slope, intercept: meanV - slope * meanZ };
}
