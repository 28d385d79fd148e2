import { NO_HISTORY } from "./history.ts";
import type { History } from "./history.ts";
import type { Metrics } from "./learner.ts";

/** What was measured on data that is not trained on. */
export interface Validation extends Metrics {
  readonly step: number;
  readonly loss: number;
}

/** Where training is, as plain JSON: with the variables, everything that a resume needs. */
export interface FitState {
  /** Steps done. All chance of a step follows from it and the seed. */
  step: number;
  history: History;
  /** The schedule's rate times this: halved whenever training diverged. */
  rateScale: number;
  /** Every validation so far, oldest first; the curve beside the history's. */
  validations: readonly Validation[];
}

/** A state before the first step. */
export function freshState(): FitState {
  return { step: 0, history: NO_HISTORY, rateScale: 1, validations: [] };
}

/** The validation that went best: the highest accuracy, else the lowest displacement, else loss. */
export function bestValidation(validations: readonly Validation[]): Validation | undefined {
  const [first, ...rest] = validations;
  if (first === undefined) return undefined;
  return rest.reduce((best, one) => (cost(one) < cost(best) ? one : best), first);
}

/** How many validations have passed since the best one. */
export function validationsSinceBest(validations: readonly Validation[]): number {
  const best = bestValidation(validations);
  return best === undefined ? 0 : validations.length - 1 - validations.indexOf(best);
}

function cost({ accuracy, displacement, loss }: Validation): number {
  if (accuracy !== undefined) return -accuracy;
  return displacement ?? loss;
}
