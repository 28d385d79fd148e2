/** Columns at each end, and in the middle, whose mean is taken against noise. */
const MEAN_OF = 5;

/**
 * Draw out the ends of projections that were truncated: each row of `sinogram` (`[rows, columns]`)
 * gets `extension` more columns on both sides, which go on as those of a uniform cylinder about the
 * axis with the row's middle and end would: p² falls as a parabola, and to 0 at its rim. Filtered
 * as they are, the steps at the ends would shine up at the rim of the slice. A row that rises
 * towards an end goes on level there. Overwrites `extended`.
 * @see Hsieh et al., "A novel reconstruction algorithm to extend the CT scan field-of-view",
 * Medical Physics 31 (2004).
 */
export function extendRows(
  sinogram: Float32Array,
  columns: number,
  extension: number,
  extended: Float32Array,
): void {
  const wide = columns + 2 * extension;
  const centre = (columns - 1) / 2;
  const few = Math.min(MEAN_OF, columns);
  const reach = centre - (few - 1) / 2;
  for (let row = 0; row * columns < sinogram.length; row++) {
    const from = sinogram.subarray(row * columns, (row + 1) * columns);
    const to = extended.subarray(row * wide, (row + 1) * wide);
    to.set(from, extension);
    const middle = mean(from, Math.round(centre - (few - 1) / 2), few) ** 2;
    const low = mean(from, 0, few) ** 2;
    const high = mean(from, columns - few, few) ** 2;
    for (let k = 0; k < extension; k++) {
      const out = ((centre + extension - k) / reach) ** 2;
      const at = (end: number) =>
        Math.sqrt(Math.max(0, end < middle ? middle - (middle - end) * out : end));
      to[k] = at(low);
      to[wide - 1 - k] = at(high);
    }
  }
}

function mean(values: Float32Array, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += values[i]!;
  return sum / count;
}
