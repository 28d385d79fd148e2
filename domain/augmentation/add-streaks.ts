/** A straight line across the image, brighter or darker than what it lies on. */
export interface Streak {
  /** Of its direction, in radians. */
  readonly angle: number;
  /** Standard deviation of its profile in pixels. */
  readonly width: number;
  /** At its crest, in units of the values. */
  readonly amount: number;
}

/** Add streaks that meet at `source`, a row and column of the image, possibly outside. In place. */
export function addStreaks(
  image: Float32Array,
  size: number,
  source: { readonly row: number; readonly column: number },
  streaks: readonly Streak[],
): void {
  for (const { angle, width, amount } of streaks) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const reach = 4 * width;
    for (let i = 0, at = 0; i < size; i++) {
      for (let j = 0; j < size; j++, at++) {
        const away = (i - source.row) * cos + (j - source.column) * sin;
        if (away > reach || away < -reach) continue;
        image[at]! += amount * Math.exp(-0.5 * (away / width) ** 2);
      }
    }
  }
}
