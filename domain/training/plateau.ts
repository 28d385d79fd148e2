import { RECENT, recentLoss } from "./history.ts";
import type { History } from "./history.ts";

/** When to say that nothing is being learned. */
export interface PlateauRule {
  /** Judge at this step, or at the last one if that comes first. */
  readonly step: number;
  /** Loss of guessing. */
  readonly chance: number;
  /** A smoothed loss this much below chance is learning. */
  readonly below: number;
}

/** ln 7 at step 500: 200 to 300 steps there are normal, and nothing was seen to leave it after 500. */
export const ROTATION_PLATEAU: PlateauRule = { step: 500, chance: Math.log(7), below: 0.05 };

/**
 * Whether training is stuck at chance, by the mean of the last 100 losses. Never before 100 steps:
 * a run that short has not shown anything.
 */
export function isPlateau(
  history: History,
  step: number,
  steps: number,
  { step: at, chance, below }: PlateauRule,
): boolean {
  if (step !== Math.min(at, steps) || history.recent.length < RECENT) return false;
  return recentLoss(history) >= chance - below;
}
