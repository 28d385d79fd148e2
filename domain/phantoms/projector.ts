/** Parallel projections of a square slice over 180°. */
export interface Projector {
  readonly angles: number;
  readonly columns: number;
  /**
   * Line integrals, in voxels times the slice's unit: `sinogram[a·columns + k]` is the integral of
   * `slice` (size², x fastest) along the line `x·cos θ + y·sin θ = k − (columns−1)/2 + shift[a]`
   * about the slice's centre, θ = π·a/angles. Overwrites `sinogram`.
   */
  project(slice: Float32Array, shift: Float64Array, sinogram: Float32Array): void;
}

/**
 * Joseph's projector: walks the rows a ray crosses (columns, where it is flatter than 45°) and
 * interpolates linearly in between, so that chords are exact to second order at every angle, and
 * no pattern of the pixel grid shows.
 * @see Joseph, "An improved algorithm for reprojecting rays through pixel images", IEEE TMI 1982.
 */
export function createProjector(options: {
  readonly size: number;
  readonly columns: number;
  readonly angles: number;
}): Projector {
  const { size, columns, angles } = options;
  const transposed = new Float32Array(size * size);
  const rows = createExtents(size);
  const turned = createExtents(size);
  return {
    angles,
    columns,
    project(slice, shift, sinogram) {
      sinogram.fill(0);
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) transposed[x * size + y] = slice[y * size + x]!;
      }
      findExtents(slice, rows);
      findExtents(transposed, turned);
      for (let a = 0; a < angles; a++) {
        const cos = Math.cos((Math.PI * a) / angles);
        const sin = Math.sin((Math.PI * a) / angles);
        const row = sinogram.subarray(a * columns, (a + 1) * columns);
        const steep = Math.abs(cos) >= Math.abs(sin);
        if (steep) walk(slice, rows, cos, sin, shift[a]!, row);
        else walk(transposed, turned, sin, cos, shift[a]!, row);
      }
    },
  };
}

/** First and last pixel per row that is not 0; `first > last` in an empty row. */
interface Extents {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

function createExtents(size: number): Extents {
  return { first: new Int32Array(size), last: new Int32Array(size) };
}

function findExtents(image: Float32Array, { first, last }: Extents): void {
  const size = first.length;
  for (let y = 0; y < size; y++) {
    let lo = 0;
    let hi = size - 1;
    while (lo < size && image[y * size + lo] === 0) lo++;
    while (hi >= lo && image[y * size + hi] === 0) hi--;
    first[y] = lo;
    last[y] = hi;
  }
}

/** Add every row of `image` to the rays; `along` is the direction cosine across the rows. */
function walk(
  image: Float32Array,
  { first, last }: Extents,
  along: number,
  across: number,
  shift: number,
  rays: Float32Array,
): void {
  const size = first.length;
  const centre = (size - 1) / 2;
  const step = 1 / along;
  const length = Math.abs(step);
  for (let y = 0; y < size; y++) {
    const lo = first[y]!;
    const hi = last[y]!;
    if (lo > hi) continue;
    // Ray k crosses this row at x = start + k·step; only rays within a pixel of content matter.
    const start = centre + (shift - (rays.length - 1) / 2 - (y - centre) * across) * step;
    const a = (lo - 1 - start) * along;
    const b = (hi + 1 - start) * along;
    const from = Math.max(0, Math.ceil(Math.min(a, b)));
    const to = Math.min(rays.length - 1, Math.floor(Math.max(a, b)));
    const base = y * size;
    for (let k = from; k <= to; k++) {
      const x = start + k * step;
      const i = Math.floor(x);
      const f = x - i;
      const left = i >= lo && i <= hi ? image[base + i]! : 0;
      const right = i + 1 >= lo && i + 1 <= hi ? image[base + i + 1]! : 0;
      rays[k] = rays[k]! + length * (left + f * (right - left));
    }
  }
}
