/**
 * Where pixel (i, j) of a square image turned by `quarter` right angles comes from. `quarter` is 0
 * to 3, the image `size` pixels wide.
 */
export function quarterTurn(
  i: number,
  j: number,
  quarter: number,
  size: number,
): readonly [row: number, column: number] {
  const end = size - 1;
  if (quarter === 0) return [i, j];
  if (quarter === 1) return [j, end - i];
  if (quarter === 2) return [end - i, end - j];
  return [end - j, i];
}
