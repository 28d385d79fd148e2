import { InvalidInput } from "../errors.ts";
import { checkRows } from "./matrix.ts";
import type { Matrix } from "./matrix.ts";

export interface KnnOptions {
  /** Neighbours that vote, all others where there are fewer. @default 20 */
  readonly neighbours?: number;
  /** A neighbour of similarity s votes with weight exp(s / temperature). @default 0.07 */
  readonly temperature?: number;
  /**
   * Where each row comes from, such as its volume: neighbours are looked for in other groups only,
   * since slices next to each other are nearly the same image. @default every row by itself
   */
  readonly groups?: ArrayLike<number>;
}

/**
 * Share of rows, 0 to 1, whose label the nearest other rows by cosine similarity vote for. Of equal
 * votes the smaller label wins. n² · d operations: for some thousand embeddings.
 *
 * @see Wu et al. 2018, https://arxiv.org/abs/1805.01978, section 3.4
 *
 * @param embeddings - `[n, d]`
 * @param labels - a whole number per row, 0 or more
 */
export function knnAccuracy(
  embeddings: Matrix,
  labels: ArrayLike<number>,
  { neighbours = 20, temperature = 0.07, groups }: KnnOptions = {},
): number {
  checkRows(embeddings, labels, "label");
  if (groups !== undefined) checkRows(embeddings, groups, "group");
  const { rows } = embeddings;
  const similarity = cosines(embeddings);
  let right = 0;
  for (let i = 0; i < rows; i++) {
    const close = similarity(i);
    const others = Array.from({ length: rows }, (_, j) => j)
      .filter((j) => (groups === undefined ? j !== i : groups[j] !== groups[i]))
      .sort((p, q) => close[q]! - close[p]! || p - q);
    if (others.length === 0) {
      throw new InvalidInput(`Expected neighbours in other groups than ${groups?.[i] ?? i}`);
    }
    const votes = new Map<number, number>();
    for (const j of others.slice(0, neighbours)) {
      const label = labels[j]!;
      votes.set(label, (votes.get(label) ?? 0) + Math.exp(close[j]! / temperature));
    }
    const [winner] = [...votes].sort(([p, a], [q, b]) => b - a || p - q)[0]!;
    if (winner === labels[i]) right++;
  }
  return right / rows;
}

/** The cosine of the angle between a row and every row; 0 with a row of zeros. */
function cosines({ rows, columns, values }: Matrix): (row: number) => Float64Array {
  const unit = Array.from({ length: rows }, (_, i) => {
    const row = Float64Array.from(values.subarray(i * columns, (i + 1) * columns));
    const length = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    return length > 0 ? row.map((v) => v / length) : row;
  });
  return (i) => {
    const row = unit[i]!;
    return Float64Array.from(unit, (other) => {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += row[c]! * other[c]!;
      return sum;
    });
  };
}
