/**
 * How far slices are from their place when sorted by score: mean of |rank(z) - rank(ψ)| in
 * positions. 0 is perfect; random scores give (k² - 1) / (3k), full reversal ⌊k²/2⌋ / k. Ties rank
 * in the order in which they are given.
 *
 * The rank form: the paper's ξ = argsort is the same only where ψ is ascending, and depends on the
 * order in which slices are given elsewhere.
 */
export function displacement(scores: ArrayLike<number>, positions: ArrayLike<number>): number {
  const [a, b] = [ranks(scores), ranks(positions)];
  return a.reduce((sum, rank, i) => sum + Math.abs(rank - b[i]!), 0) / a.length;
}

function ranks(values: ArrayLike<number>): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => values[i]! - values[j]! || i - j,
  );
  const rank = new Array<number>(order.length);
  order.forEach((i, place) => (rank[i] = place));
  return rank;
}
