import { averageRanks } from "./average-ranks.ts";

/**
 * Chance that a random one of `positive` is larger than a random one of `negative`, ties counting
 * half: 0.5 tells nothing apart, 0 is perfect the wrong way round. NaN where either is empty.
 *
 * @see Mann and Whitney 1947: U over the number of pairs
 */
export function areaUnderRoc(positive: ArrayLike<number>, negative: ArrayLike<number>): number {
  const [p, n] = [positive.length, negative.length];
  if (p === 0 || n === 0) return NaN;
  const all = new Float64Array(p + n);
  all.set(positive);
  all.set(negative, p);
  const ranks = averageRanks(all).subarray(0, p);
  const sum = ranks.reduce((total, rank) => total + rank, 0);
  return (sum - (p * (p + 1)) / 2) / (p * n);
}
