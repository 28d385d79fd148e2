/**
 * Draw out the ends of projections that were truncated: each row of `sinogram` (`[rows, columns]`)
 * gets `extension` more columns on both sides, equal to its first and last. Filtered as they are,
 * the steps at the ends would shine up at the rim of the slice. Overwrites `extended`.
 * @see Ohnesorge et al., "Efficient correction for CT image artifacts caused by objects extending
 * outside the scan field of view", Medical Physics 27 (2000), in its simplest form.
 */
export function extendRows(
  sinogram: Float32Array,
  columns: number,
  extension: number,
  extended: Float32Array,
): void {
  const wide = columns + 2 * extension;
  for (let row = 0; row * columns < sinogram.length; row++) {
    const from = sinogram.subarray(row * columns, (row + 1) * columns);
    const to = extended.subarray(row * wide, (row + 1) * wide);
    to.fill(from[0]!, 0, extension);
    to.set(from, extension);
    to.fill(from[columns - 1]!, extension + columns);
  }
}
