import type { Random } from "../random.ts";

/**
 * Where each of `size` pixels in a line comes from, in pixels from the line's centre, when the line
 * is cut into cells and each is made thicker or thinner by up to `amount` of the mean. The ends stay.
 *
 * @see albumentations' GridDistortion (normalized), which deforms rows and columns independently
 */
export function gridDistortion(
  size: number,
  cells: number,
  amount: number,
  random: Random,
): Float64Array {
  const ends = [0];
  for (let k = 0; k < cells; k++) ends.push(ends[k]! + random.uniform(1 - amount, 1 + amount));
  const total = ends[cells]!;
  return Float64Array.from({ length: size }, (_, i) => {
    // Half a pixel in, so that the line runs from border to border.
    const at = ((i + 0.5) / size) * cells;
    const cell = Math.min(Math.floor(at), cells - 1);
    const place = ends[cell]! + (at - cell) * (ends[cell + 1]! - ends[cell]!);
    return (place / total) * size - size / 2;
  });
}
