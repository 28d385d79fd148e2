import { displacement } from "../pretexts/displacement.ts";
import { kendallTau } from "./kendall-tau.ts";
import { spearman } from "./spearman.ts";

/** How well slices were sorted. */
export interface SortingMetrics {
  /** Mean distance from the right place, in positions; `randomDisplacement(k)` for random scores. */
  readonly displacement: number;
  /** The same divided by the number of slices, as the authors' code has it. */
  readonly displacementPerSlice: number;
  /** The smaller of the displacements of the scores and of their negative. */
  readonly directionFree: number;
  /** Kendall's τ-b, -1 to 1. */
  readonly kendall: number;
  /** Spearman's ρ, -1 to 1; its sign is the direction that the scores give. */
  readonly spearman: number;
}

/**
 * Compare the order that scores give with the true one.
 *
 * @param scores - z, one per slice
 * @param positions - ψ, where along the axis each slice lies
 */
export function sortingMetrics(
  scores: ArrayLike<number>,
  positions: ArrayLike<number>,
): SortingMetrics {
  const straight = displacement(scores, positions);
  const reversed = displacement(
    Float64Array.from(scores, (z) => -z),
    positions,
  );
  return {
    displacement: straight,
    displacementPerSlice: straight / scores.length,
    directionFree: Math.min(straight, reversed),
    kendall: kendallTau(scores, positions),
    spearman: spearman(scores, positions),
  };
}

/** What random scores of `k` slices are displaced by on average, in positions: 3.97 for 12. */
export function randomDisplacement(k: number): number {
  return (k * k - 1) / (3 * k);
}
