import type { Grid, Mask } from "./shape.ts";

/**
 * Euclidean distance, in voxels, from every voxel of the mask to the nearest voxel outside it; 0
 * outside. With `border: "outside"` what lies beyond the volume counts as outside too, with
 * `"unknown"` it is ignored (as scipy does); a mask without any outside is then infinitely deep.
 *
 * Exact, one axis after the other.
 * @see Felzenszwalb & Huttenlocher, Distance Transforms of Sampled Functions, 2012
 */
export function distance(mask: Mask, border: "outside" | "unknown"): Grid<Float32Array> {
  const [z, y, x] = mask.shape;
  const data = new Float32Array(mask.data.length);
  for (let i = 0; i < data.length; i++) data[i] = mask.data[i] === 0 ? 0 : Infinity;
  const envelope = createEnvelope(Math.max(z, y, x), border === "outside");
  for (let i = 0; i < z * y; i++) envelope(data, i * x, 1, x);
  for (let k = 0; k < z; k++) for (let i = 0; i < x; i++) envelope(data, k * y * x + i, x, y);
  for (let i = 0; i < y * x; i++) envelope(data, i, y * x, z);
  for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(data[i]!);
  return { shape: mask.shape, data };
}

/** Squared distances along one line, in place: the lower envelope of one parabola per voxel. */
function createEnvelope(longest: number, closed: boolean) {
  const f = new Float64Array(longest);
  const at = new Int32Array(longest + 2);
  const from = new Float64Array(longest + 3);
  const height = new Float64Array(longest + 2);

  return (data: Float32Array, offset: number, stride: number, n: number): void => {
    let last = -1;
    const push = (q: number, value: number) => {
      let cross = -Infinity;
      while (last >= 0) {
        const p = at[last]!;
        cross = (value + q * q - (height[last]! + p * p)) / (2 * (q - p));
        if (cross > from[last]!) break;
        last--;
        cross = -Infinity;
      }
      last++;
      at[last] = q;
      height[last] = value;
      from[last] = cross;
    };
    if (closed) push(-1, 0);
    for (let i = 0; i < n; i++) {
      f[i] = data[offset + i * stride]!;
      if (f[i] !== Infinity) push(i, f[i]!);
    }
    if (closed) push(n, 0);
    if (last < 0) return; // nothing outside on this line
    from[last + 1] = Infinity;
    for (let i = 0, k = 0; i < n; i++) {
      while (from[k + 1]! < i) k++;
      const d = i - at[k]!;
      data[offset + i * stride] = d * d + height[k]!;
    }
  };
}
