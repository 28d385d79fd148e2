import type { Grid } from "./shape.ts";

/** Smallest value in the cube of edge `2·radius + 1` around each voxel, cut at the border. */
export function minFilter(grid: Grid<Float32Array>, radius: number): Grid<Float32Array> {
  const [z, y, x] = grid.shape;
  const a = new Float32Array(grid.data.length);
  const b = new Float32Array(grid.data.length);
  along(grid.data, a, z * y, x, 1, radius);
  along(a, b, z, y, x, radius);
  along(b, a, 1, z, y * x, radius);
  return { shape: grid.shape, data: a };
}

function along(
  from: Float32Array,
  to: Float32Array,
  outer: number,
  n: number,
  inner: number,
  radius: number,
): void {
  for (let o = 0; o < outer; o++) {
    const base = o * n * inner;
    for (let i = 0; i < n; i++) {
      const here = base + i * inner;
      const lo = base + Math.max(0, i - radius) * inner;
      const hi = base + Math.min(n - 1, i + radius) * inner;
      for (let j = 0; j < inner; j++) {
        let least = from[lo + j]!;
        for (let at = lo + inner; at <= hi; at += inner) {
          const value = from[at + j]!;
          if (value < least) least = value;
        }
        to[here + j] = least;
      }
    }
  }
}
