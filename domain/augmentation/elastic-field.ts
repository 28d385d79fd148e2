import type { Random } from "../random.ts";

/** Mean of the squared weights of a cubic B-spline over a cell: what is left of a variance per axis. */
const KEPT = 151 / 315;

/**
 * A smooth random field `[size²]`: independent normal numbers on a grid `spacing` pixels apart,
 * interpolated by cubic B-splines. Its mean is 0, its root mean square `amount`; between the control
 * points it varies by a tenth of that.
 *
 * Writes into `field`.
 * @see Simard, Steinkraus, Platt (2003), "Best practices for convolutional neural networks"; the
 * spline in place of their Gaussian is that of the 3D U-Net (arXiv 1606.06650, section 3)
 */
export function elasticField(
  size: number,
  spacing: number,
  amount: number,
  random: Random,
  field: Float32Array,
): void {
  const side = Math.floor((size - 1) / spacing) + 4;
  const control = Float64Array.from(
    { length: side * side },
    () => (amount / KEPT) * random.normal(),
  );
  const cells = Int32Array.from({ length: size }, (_, i) => Math.floor(i / spacing));
  const weights = Float64Array.from(
    Array.from(cells, (cell, i) => splineWeights(i / spacing - cell)).flat(),
  );
  const line = new Float64Array(side);
  for (let i = 0, at = 0; i < size; i++) {
    const [a, b, c, d] = splineWeights(i / spacing - cells[i]!);
    for (let k = 0, from = cells[i]! * side; k < side; k++, from++) {
      line[k] =
        a * control[from]! +
        b * control[from + side]! +
        c * control[from + 2 * side]! +
        d * control[from + 3 * side]!;
    }
    for (let j = 0; j < size; j++, at++) {
      const k = cells[j]!;
      field[at] =
        weights[4 * j]! * line[k]! +
        weights[4 * j + 1]! * line[k + 1]! +
        weights[4 * j + 2]! * line[k + 2]! +
        weights[4 * j + 3]! * line[k + 3]!;
    }
  }
}

type Weights = readonly [number, number, number, number];

/** Of the four control points around a place, `t` of a cell behind the second. */
function splineWeights(t: number): Weights {
  return [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
}
