import { InvalidInput } from "../errors.ts";

/**
 * Solve A X = B for a symmetric positive definite A, by Cholesky's factorisation. Neither is
 * changed. Throws `InvalidInput` for an A that is not positive definite.
 *
 * @param a - `[n, n]`; only the lower triangle is read
 * @param b - `[n, m]`
 * @returns `[n, m]`
 */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const n = Math.sqrt(a.length);
  const m = b.length / n;
  const l = a.slice();
  for (let j = 0; j < n; j++) {
    const pivot = l.subarray(j * n, j * n + j);
    for (let i = j; i < n; i++) {
      const row = l.subarray(i * n, i * n + j);
      let sum = l[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * pivot[k]!;
      if (i > j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > 0) l[j * n + j] = Math.sqrt(sum);
      else throw new InvalidInput(`Expected a positive definite matrix, got a pivot of ${sum}`);
    }
  }
  const x = b.slice();
  const subtract = (to: number, from: number, factor: number) => {
    for (let c = 0; c < m; c++) x[to * m + c]! -= factor * x[from * m + c]!;
  };
  const divide = (row: number) => {
    for (let c = 0; c < m; c++) x[row * m + c]! /= l[row * n + row]!;
  };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtract(i, k, l[i * n + k]!);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtract(i, k, l[k * n + i]!);
    divide(i);
  }
  return x;
}
