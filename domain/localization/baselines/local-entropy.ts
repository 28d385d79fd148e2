import type { Grid } from "../../volumes/shape.ts";

/**
 * Shannon entropy, in bits, of the grey values within `radius` pixels in the same z slice; at a
 * border, of those that are there. The same as `skimage.filters.rank.entropy` with a disc.
 */
export function localEntropy(grid: Grid<Uint8Array>, radius: number): Grid<Float32Array> {
  const [z, y, x] = grid.shape;
  const around = disc(radius);
  const logs = Float64Array.from({ length: around.length + 1 }, (_, n) => Math.log2(n));
  const found = new Uint8Array(around.length);
  const out = new Float32Array(grid.data.length);
  for (let k = 0, at = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      for (let i = 0; i < x; i++, at++) {
        let n = 0;
        for (const [dj, di] of around) {
          if (j + dj < 0 || j + dj >= y || i + di < 0 || i + di >= x) continue;
          found[n++] = grid.data[at + dj * x + di]!;
        }
        // Every pixel contributes the information of its value: log2(n / how often it is there).
        let bits = 0;
        for (let a = 0; a < n; a++) {
          let equal = 0;
          for (let b = 0; b < n; b++) if (found[b] === found[a]) equal++;
          bits += logs[n]! - logs[equal]!;
        }
        out[at] = bits / n;
      }
    }
  }
  return { shape: grid.shape, data: out };
}

function disc(radius: number): readonly (readonly [dj: number, di: number])[] {
  const side = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  return side.flatMap((dj) =>
    side.filter((di) => dj * dj + di * di <= radius * radius).map((di) => [dj, di] as const),
  );
}
