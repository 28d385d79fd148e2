import type { VoxelArray, Zyx } from "./shape.ts";

/** Levels are added until the longest axis has at most so many voxels. */
const COARSEST = 64;

/**
 * The shape of every level, level 0 first: each has half the voxels of the one before along every
 * axis, rounded up, so that nothing at the border is lost.
 */
export function pyramidShapes(shape: Zyx): readonly Zyx[] {
  const shapes = [shape];
  for (let last = shape; Math.max(...last) > COARSEST; shapes.push(last)) {
    last = [halve(last[0]), halve(last[1]), halve(last[2])];
  }
  return shapes;
}

/** Voxels of the next level along an axis of `n`. */
export function halve(n: number): number {
  return Math.ceil(n / 2);
}

/**
 * How 2×2×2 voxels become one: `mean` for images, `mode` (the value that most of them have; of equally
 * frequent ones, that of the first voxel) for labels, or `nearest` (the first of the eight).
 */
export type Downsampling = "mean" | "mode" | "nearest";

/**
 * One plane of the next level from two planes of this one.
 *
 * The mean is over the voxels that exist: at an odd border over 4, 2 or 1 of them. Whole numbers are
 * rounded half up.
 *
 * @param a the plane at even z, `[y, x]`
 * @param b the plane after it; undefined past the end of an odd axis
 * @param out `[⌈y/2⌉, ⌈x/2⌉]`, of the same type
 */
export function halvePlanes(
  a: VoxelArray,
  b: VoxelArray | undefined,
  y: number,
  x: number,
  out: VoxelArray,
  mode: Downsampling,
): void {
  if (mode === "nearest") nearest(a, y, x, out);
  else if (mode === "mode") mostFrequent(a, b ?? a, y, x, out);
  else if (a instanceof Float32Array) average(a, b ?? a, y, x, out, 0);
  else if (a.BYTES_PER_ELEMENT < 4) averageSmall(a, b ?? a, y, x, out);
  else average(a, b ?? a, y, x, out, 0.5);
}

function nearest(a: VoxelArray, y: number, x: number, out: VoxelArray): void {
  for (let j = 0, to = 0; j < y; j += 2) {
    for (let i = 0; i < x; i += 2) out[to++] = a[j * x + i]!;
  }
}

/** A voxel past the border stands for its neighbour, which changes no majority: all count double. */
function mostFrequent(a: VoxelArray, b: VoxelArray, y: number, x: number, out: VoxelArray): void {
  const eight = new Float64Array(8);
  for (let j = 0, to = 0; j < y; j += 2) {
    const below = j + 1 < y ? x : 0;
    for (let i = 0; i < x; i += 2) {
      const p = j * x + i;
      const right = i + 1 < x ? 1 : 0;
      const first = a[p]!;
      eight[0] = first;
      eight[1] = a[p + right]!;
      eight[2] = a[p + below]!;
      eight[3] = a[p + below + right]!;
      eight[4] = b[p]!;
      eight[5] = b[p + right]!;
      eight[6] = b[p + below]!;
      eight[7] = b[p + below + right]!;
      let same = 1;
      while (same < 8 && eight[same] === first) same++;
      out[to++] = same === 8 ? first : majority(eight);
    }
  }
}

function majority(values: Float64Array): number {
  let [best, most] = [values[0]!, 0];
  for (let i = 0; i < values.length - most; i++) {
    let count = 0;
    for (let j = i; j < values.length; j++) if (values[j] === values[i]) count++;
    if (count > most) [best, most] = [values[i]!, count];
  }
  return best;
}

/** The sum of eight fits 32 bits. A voxel past the border stands for its neighbour: the mean is the same. */
function averageSmall(a: VoxelArray, b: VoxelArray, y: number, x: number, out: VoxelArray): void {
  const pairs = x >> 1;
  for (let j = 0, to = 0; j < y; j += 2) {
    let p = j * x;
    let q = j + 1 < y ? p + x : p;
    for (let i = 0; i < pairs; i++, p += 2, q += 2) {
      const sum = a[p]! + a[p + 1]! + a[q]! + a[q + 1]! + b[p]! + b[p + 1]! + b[q]! + b[q + 1]!;
      out[to++] = (sum + 4) >> 3;
    }
    if (x % 2 === 1) out[to++] = (a[p]! + a[q]! + b[p]! + b[q]! + 2) >> 2;
  }
}

/** Sums in double precision; `half` is what rounds whole numbers half up, 0 for fractions. */
function average(
  a: VoxelArray,
  b: VoxelArray,
  y: number,
  x: number,
  out: VoxelArray,
  half: number,
): void {
  const pairs = x >> 1;
  const round = (mean: number) => (half === 0 ? mean : Math.floor(mean + half));
  for (let j = 0, to = 0; j < y; j += 2) {
    let p = j * x;
    let q = j + 1 < y ? p + x : p;
    for (let i = 0; i < pairs; i++, p += 2, q += 2) {
      const sum = a[p]! + a[p + 1]! + a[q]! + a[q + 1]! + b[p]! + b[p + 1]! + b[q]! + b[q + 1]!;
      out[to++] = round(sum / 8);
    }
    if (x % 2 === 1) out[to++] = round((a[p]! + a[q]! + b[p]! + b[q]!) / 4);
  }
}
