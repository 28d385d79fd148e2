import { InvalidInput } from "../errors.ts";
import { fitRidge } from "./fit-ridge.ts";
import { checkRows, takeRows } from "./matrix.ts";
import type { Matrix } from "./matrix.ts";

export interface LinearProbeOptions {
  /**
   * Where each row comes from, such as its volume. Each group is told from the others: rows of one
   * volume are nearly the same image, so a probe that has seen some of them knows the rest.
   */
  readonly groups: ArrayLike<number>;
  /** Of squared weights against the mean squared error; a choice, not tuned. @default 0.1 */
  readonly penalty?: number;
}

/**
 * Share of rows, 0 to 1, whose label a linear map of the embedding tells, each group by a map fitted
 * to all others: what is in an embedding within easy reach. The map is a ridge regression to one
 * column per label, and the largest wins; it has one solution and needs no iterations.
 *
 * Throws `InvalidInput` unless there are two groups.
 *
 * @param embeddings - `[n, d]`
 * @param labels - a whole number per row, 0 or more
 */
export function linearProbe(
  embeddings: Matrix,
  labels: ArrayLike<number>,
  { groups, penalty = 0.1 }: LinearProbeOptions,
): number {
  checkRows(embeddings, labels, "label");
  checkRows(embeddings, groups, "group");
  const folds = [...new Set(Array.from(groups))];
  if (folds.length < 2) {
    throw new InvalidInput(`Expected at least two groups to leave one out, got ${folds.length}`);
  }
  const kinds = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const rows = Array.from({ length: embeddings.rows }, (_, i) => i);
  const right = folds.map((fold) => {
    const train = rows.filter((i) => groups[i] !== fold);
    const test = rows.filter((i) => groups[i] === fold);
    const targets = Float64Array.from(train.flatMap((i) => kinds.map((k) => +(labels[i] === k))));
    const ridge = fitRidge(
      takeRows(embeddings, train),
      { rows: train.length, columns: kinds.length, values: targets },
      penalty,
    );
    const { values } = ridge.predict(takeRows(embeddings, test));
    return test.filter((i, n) => {
      const row = values.subarray(n * kinds.length, (n + 1) * kinds.length);
      return kinds[row.indexOf(Math.max(...row))] === labels[i];
    }).length;
  });
  return right.reduce((sum, n) => sum + n, 0) / embeddings.rows;
}
