/** Filtered back-projection of one slice. */
export interface Reconstructor {
  /**
   * `sinogram`: `[angles, columns]` line integrals over 180° as `Projector` gives them with no
   * shift. Overwrites `slice` (size², x fastest) with the sinogram's unit per voxel.
   */
  reconstruct(sinogram: Float32Array, slice: Float32Array): void;
}

/**
 * Filtered back-projection with the ramp of Ramachandran and Lakshminarayanan under a Hann window.
 *
 * The window is applied as the smoothing [¼ ½ ¼], whose spectrum it is. Filtered projections reach
 * beyond the detector, so that the corners of the slice are reconstructed too.
 * @see Kak and Slaney, "Principles of Computerized Tomographic Imaging", 1988, eq. 3.61.
 */
export function createReconstructor(options: {
  readonly size: number;
  readonly columns: number;
  readonly angles: number;
}): Reconstructor {
  const { size, columns, angles } = options;
  const reach = Math.ceil(size * Math.SQRT1_2) + 2;
  const width = 2 * reach + 1;
  const smoothed = new Float64Array(columns + 2);
  const filtered = new Float64Array(width);
  const ramp = new Float64Array(width + columns + 2);
  for (let d = 1; d < ramp.length; d += 2) ramp[d] = -1 / (Math.PI * d) ** 2;
  // The detector's and the filtered row's centres differ by a whole or half column.
  const offset = reach - (columns + 1) / 2;
  const whole = Math.floor(offset);

  const filter = (row: Float32Array) => {
    for (let k = -1; k <= columns; k++) {
      smoothed[k + 1] = 0.25 * (row[k - 1] ?? 0) + 0.5 * (row[k] ?? 0) + 0.25 * (row[k + 1] ?? 0);
    }
    for (let j = 0; j < width; j++) {
      const i = j - whole;
      let sum = i >= 0 && i < smoothed.length ? 0.25 * smoothed[i]! : 0;
      for (let k = (i + 1) & 1; k < smoothed.length; k += 2) {
        sum += smoothed[k]! * ramp[Math.abs(i - k)]!;
      }
      filtered[j] = sum;
    }
  };

  return {
    reconstruct(sinogram, slice) {
      slice.fill(0);
      const centre = (size - 1) / 2;
      for (let a = 0; a < angles; a++) {
        filter(sinogram.subarray(a * columns, (a + 1) * columns));
        const cos = Math.cos((Math.PI * a) / angles);
        const sin = Math.sin((Math.PI * a) / angles);
        for (let y = 0; y < size; y++) {
          let t = reach - (offset - whole) - centre * cos + (y - centre) * sin;
          const end = (y + 1) * size;
          for (let p = y * size; p < end; p++, t += cos) {
            const k = t | 0;
            const low = filtered[k]!;
            slice[p] = slice[p]! + low + (t - k) * (filtered[k + 1]! - low);
          }
        }
      }
      const scale = Math.PI / angles;
      for (let p = 0; p < slice.length; p++) slice[p] = slice[p]! * scale;
    },
  };
}
