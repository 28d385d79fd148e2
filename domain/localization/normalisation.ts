/**
 * How grey values become what networks see: as `createView` does it. Recorded with every encoder, for
 * other programs must do the same.
 */
export const NORMALISATION = {
  range: [-4, 6],
  suppressed:
    "clip((v - medium) / spread): grey values with the container suppressed and the medium at 0, averaged over blocks of bin³ voxels, in units of their robust standard deviation (1.4826 × median distance from the median)",
  plain:
    "clip(asinh((v - background) / noise)) where no container was found: background is the commonest grey value, noise the robust standard deviation around it",
  outside: 0,
} as const;
