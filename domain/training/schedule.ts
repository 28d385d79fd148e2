export interface Schedule {
  /** The peak, reached when the warm-up ends. */
  readonly rate: number;
  /** Steps of linear rise. */
  readonly warmup: number;
  /** The cosine ends here, at zero. */
  readonly steps: number;
}

/** The learning rate of step `step` = 1 … `steps`: a linear rise, then half a cosine. */
export function rateAt(step: number, { rate, warmup, steps }: Schedule): number {
  if (step <= warmup) return (rate * step) / warmup;
  // The last step still moves a little: it is one step away from zero.
  const done = (step - 1 - warmup) / Math.max(1, steps - warmup);
  return rate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
}
