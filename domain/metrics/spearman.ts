import { averageRanks } from "./average-ranks.ts";
import { checkPairs } from "./check-pairs.ts";

/**
 * Spearman's ρ: the correlation of the ranks, -1 to 1; ties share their mean rank. NaN where
 * it is not defined: a constant series, a NaN, fewer than two values.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (!checkPairs(a, b)) return NaN;
  const [p, q] = [averageRanks(a), averageRanks(b)];
  const mean = (a.length + 1) / 2;
  let [pq, pp, qq] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const [x, y] = [p[i]! - mean, q[i]! - mean];
    pq += x * y;
    pp += x * x;
    qq += y * y;
  }
  return pq / Math.sqrt(pp * qq);
}
