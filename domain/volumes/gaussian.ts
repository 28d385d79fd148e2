import { InvalidInput } from "../errors.ts";
import type { Grid } from "./shape.ts";

/**
 * Blur with an isotropic Gaussian of `sigma` voxels; borders are mirrored with the edge voxel
 * repeated, the kernel ends at 4 sigma. The same numbers as `scipy.ndimage.gaussian_filter`.
 */
export function gaussian(grid: Grid, sigma: number): Grid<Float32Array> {
  if (!(sigma >= 0) || sigma > 1e4) {
    throw new InvalidInput(`Expected a Gaussian's sigma between 0 and 10000 voxels, got ${sigma}`);
  }
  const [z, y, x] = grid.shape;
  const weights = gaussianWeights(sigma);
  let from = new Float32Array(grid.data);
  if (weights.length === 1) return { shape: grid.shape, data: from };
  let to = new Float32Array(from.length);
  convolveRows(from, to, z * y, x, weights);
  [from, to] = [to, from];
  convolvePlanes(from, to, z, y, x, weights);
  [from, to] = [to, from];
  convolvePlanes(from, to, 1, z, y * x, weights);
  return { shape: grid.shape, data: to };
}

/** Blur a sequence of numbers with the same kernel and the same borders. */
export function gaussianLine(line: ArrayLike<number>, sigma: number): Float64Array {
  const weights = gaussianWeights(sigma);
  const out = new Float64Array(line.length);
  convolveRows(line, out, 1, line.length, weights);
  return out;
}

/** The kernel's right half, `[0]` its centre; the whole kernel sums to 1. */
function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const half = new Float64Array(radius + 1);
  let sum = 0;
  for (let k = 0; k <= radius; k++) {
    half[k] = k === 0 ? 1 : Math.exp((-0.5 * k * k) / (sigma * sigma));
    sum += (k === 0 ? 1 : 2) * half[k]!;
  }
  return half.map((w) => w / sum);
}

function convolveRows(
  from: ArrayLike<number>,
  to: Float32Array | Float64Array,
  rows: number,
  n: number,
  weights: Float64Array,
): void {
  const radius = weights.length - 1;
  const line = new Float64Array(n + 2 * radius);
  const sums = new Float64Array(n);
  const source = Int32Array.from(line, (_, i) => mirror(i - radius, n));
  for (let row = 0, at = 0; row < rows; row++, at += n) {
    for (let i = 0; i < line.length; i++) line[i] = from[at + source[i]!]!;
    for (let i = 0; i < n; i++) sums[i] = weights[0]! * line[i + radius]!;
    for (let k = 1; k <= radius; k++) {
      const w = weights[k]!;
      const [before, after] = [radius - k, radius + k];
      for (let i = 0; i < n; i++) sums[i]! += w * (line[i + before]! + line[i + after]!);
    }
    for (let i = 0; i < n; i++) to[at + i] = sums[i]!;
  }
}

/** Along the middle axis of `[outer, n, inner]`, in strips that stay in the cache. */
function convolvePlanes(
  from: Float32Array,
  to: Float32Array,
  outer: number,
  n: number,
  inner: number,
  weights: Float64Array,
): void {
  const radius = weights.length - 1;
  const strip = Math.min(inner, 512);
  const sums = new Float64Array(strip);
  for (let o = 0; o < outer; o++) {
    const base = o * n * inner;
    for (let start = 0; start < inner; start += strip) {
      const width = Math.min(strip, inner - start);
      for (let i = 0; i < n; i++) {
        const here = base + i * inner + start;
        for (let j = 0; j < width; j++) sums[j] = weights[0]! * from[here + j]!;
        // Two pairs of taps at a time: half the traffic of one.
        for (let k = 1; k <= radius; k += 2) {
          const [w, v] = [weights[k]!, k < radius ? weights[k + 1]! : 0];
          const a = base + mirror(i - k, n) * inner + start;
          const b = base + mirror(i + k, n) * inner + start;
          const c = base + mirror(i - k - 1, n) * inner + start;
          const d = base + mirror(i + k + 1, n) * inner + start;
          for (let j = 0; j < width; j++) {
            sums[j]! += w * (from[a + j]! + from[b + j]!) + v * (from[c + j]! + from[d + j]!);
          }
        }
        for (let j = 0; j < width; j++) to[here + j] = sums[j]!;
      }
    }
  }
}

/** Index of the mirrored line … c b a | a b c | c b a … */
function mirror(i: number, n: number): number {
  if (i >= 0 && i < n) return i;
  const period = 2 * n;
  const j = ((i % period) + period) % period;
  return j < n ? j : period - 1 - j;
}
