export interface Schedule {
  /** The peak, reached when the warm-up ends. */
  readonly rate: number;
  /** Steps of linear rise. */
  readonly warmup: number;
  /** The decay ends here, at zero. */
  readonly steps: number;
  /**
   * How the rate falls after the warm-up: half a cosine, (1 - done)^0.9 as nnU-Net does, or not at
   * all. @default "cosine"
   */
  readonly decay?: "cosine" | "poly" | "constant";
}

const POLY_POWER = 0.9;

/** The learning rate of step `step` = 1 … `steps`: a linear rise, then the decay. */
export function rateAt(step: number, { rate, warmup, steps, decay = "cosine" }: Schedule): number {
  if (step <= warmup) return (rate * step) / warmup;
  // The last step still moves a little: it is one step away from zero.
  const done = Math.min(1, (step - 1 - warmup) / Math.max(1, steps - warmup));
  if (decay === "constant") return rate;
  if (decay === "poly") return rate * (1 - done) ** POLY_POWER;
  return rate * 0.5 * (1 + Math.cos(Math.PI * done));
}
