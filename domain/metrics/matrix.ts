import { InvalidInput } from "../errors.ts";

/** Numbers in rows, one after the other: embeddings are one row per image, `[n, d]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Float64Array;
}

/** Throws `InvalidInput` unless a matrix is as long as it says and there is one of `of` per row. */
export function checkRows({ rows, columns, values }: Matrix, of: ArrayLike<unknown>, what: string) {
  if (values.length !== rows * columns) {
    throw new InvalidInput(`Expected ${rows} × ${columns} numbers, got ${values.length}`);
  }
  if (of.length !== rows) {
    throw new InvalidInput(`Expected a ${what} for each of ${rows} rows, got ${of.length}`);
  }
}

/** Some rows of a matrix, in the order of `indices`. */
export function takeRows({ columns, values }: Matrix, indices: readonly number[]): Matrix {
  const taken = new Float64Array(indices.length * columns);
  indices.forEach((row, i) =>
    taken.set(values.subarray(row * columns, (row + 1) * columns), i * columns),
  );
  return { rows: indices.length, columns, values: taken };
}
