import { createRandom } from "../../random.ts";
import { gaussian } from "../../volumes/gaussian.ts";
import type { Grid } from "../../volumes/shape.ts";

/**
 * Gaussian noise with standard deviation 1 and the given correlation between neighbours, the same
 * for the same seed.
 */
export function grain(shape: Grid["shape"], correlation: number, seed: number): Float32Array {
  const random = createRandom(seed, "container-fill");
  const white = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () =>
    random.normal(),
  );
  const { data } = gaussian({ shape, data: white }, Math.sqrt(-1 / (4 * Math.log(correlation))));
  let sum = 0;
  for (const v of data) sum += v * v;
  const sd = Math.sqrt(sum / data.length);
  return sd > 0 ? data.map((v) => v / sd) : data;
}

/** Correlation between neighbours along x that are both valid, kept between .02 and .9. */
export function lagOneCorrelation(
  residual: Float32Array,
  valid: Uint8Array,
  x: number,
  sd: number,
): number {
  let [sum, count] = [0, 0];
  for (let i = 1; i < residual.length; i++) {
    if (i % x === 0 || valid[i] === 0 || valid[i - 1] === 0) continue;
    sum += residual[i]! * residual[i - 1]!;
    count++;
  }
  return Math.min(Math.max(sum / Math.max(count, 1) / sd ** 2, 0.02), 0.9);
}
