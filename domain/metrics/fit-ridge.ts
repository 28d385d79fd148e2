import type { Matrix } from "./matrix.ts";
import { solvePositive } from "./solve-positive.ts";

/** A linear map from features to targets. */
export interface Ridge {
  /** `[n, d]` → `[n, t]` */
  predict(features: Matrix): Matrix;
}

/**
 * The linear map with the least mean of squared errors plus `penalty` times its squared weights.
 * Features are first brought to mean 0 and standard deviation 1 (a constant one to 0), so that the
 * penalty means the same for every encoder; the intercept is free.
 *
 * Solves a system of as many equations as there are features or rows, whichever are fewer.
 *
 * @see Hoerl and Kennard 1970
 *
 * @param features - `[n, d]`
 * @param targets - `[n, t]`
 */
export function fitRidge(features: Matrix, targets: Matrix, penalty: number): Ridge {
  const { mean, scale } = spread(features);
  const centre = spread(targets).mean;
  const { rows: n, columns: d } = features;
  const t = targets.columns;
  const x = standardise(features, mean, scale);
  const y = Float64Array.from(targets.values, (v, i) => v - centre[i % t]!);
  const few = n < d;
  // Primal: (XᵀX + nλ) W = XᵀY. Dual, the same W: W = Xᵀ (XXᵀ + nλ)⁻¹ Y.
  const gram = few ? timesTransposed(x, n) : transposedTimesItself(x, n);
  const size = few ? n : d;
  for (let i = 0; i < size; i++) gram[i * size + i]! += n * penalty;
  const weights = few
    ? transposedTimes(x, solvePositive(gram, y), n)
    : solvePositive(gram, transposedTimes(x, y, n));
  return {
    predict: (other) => {
      const z = standardise(other, mean, scale);
      const values = new Float64Array(other.rows * t);
      for (let i = 0; i < other.rows; i++) {
        for (let c = 0; c < t; c++) {
          let sum = centre[c]!;
          for (let k = 0; k < d; k++) sum += z[i * d + k]! * weights[k * t + c]!;
          values[i * t + c] = sum;
        }
      }
      return { rows: other.rows, columns: t, values };
    },
  };
}

/** Mean and standard deviation of every column. */
function spread({ rows, columns, values }: Matrix) {
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / rows;
  for (let i = 0; i < values.length; i++) {
    scale[i % columns]! += (values[i]! - mean[i % columns]!) ** 2 / rows;
  }
  return { mean, scale: scale.map(Math.sqrt) };
}

function standardise({ columns, values }: Matrix, mean: Float64Array, scale: Float64Array) {
  return Float64Array.from(values, (v, i) => {
    const c = i % columns;
    return scale[c]! > 0 ? (v - mean[c]!) / scale[c]! : 0;
  });
}

/** AAᵀ of a matrix with `n` rows; the lower triangle only. */
function timesTransposed(a: Float64Array, n: number): Float64Array {
  const length = a.length / n;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * length, (i + 1) * length);
    for (let j = 0; j <= i; j++) {
      const other = a.subarray(j * length, (j + 1) * length);
      let sum = 0;
      for (let k = 0; k < length; k++) sum += row[k]! * other[k]!;
      out[i * n + j] = sum;
    }
  }
  return out;
}

/** AᵀA of a matrix with `n` rows; the lower triangle only. */
function transposedTimesItself(a: Float64Array, n: number): Float64Array {
  const d = a.length / n;
  const out = new Float64Array(d * d);
  // Four rows at a time: the sums are read and written a quarter as often.
  for (let k = 0; k < n; k += 4) {
    const rows = [0, 1, 2, 3].map((r) =>
      k + r < n ? a.subarray((k + r) * d, (k + r + 1) * d) : new Float64Array(d),
    );
    const [p, q, r, s] = rows as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < d; i++) {
      const [pi, qi, ri, si] = [p[i]!, q[i]!, r[i]!, s[i]!];
      const sums = out.subarray(i * d, i * d + i + 1);
      for (let j = 0; j <= i; j++) {
        sums[j]! += pi * p[j]! + qi * q[j]! + ri * r[j]! + si * s[j]!;
      }
    }
  }
  return out;
}

/** AᵀB of matrices with `n` rows each. */
function transposedTimes(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const [p, q] = [a.length / n, b.length / n];
  const out = new Float64Array(p * q);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < q; j++) out[i * q + j]! += a[k * p + i]! * b[k * q + j]!;
    }
  }
  return out;
}
