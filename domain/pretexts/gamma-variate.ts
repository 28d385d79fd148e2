import type { Random } from "../random.ts";

/**
 * A number from the Gamma distribution of this shape (above 0) and scale 1, by rejection: exact.
 *
 * @see Marsaglia & Tsang (2000), "A simple method for generating gamma variables", ACM TOMS 26;
 * shapes below 1 by their note that `G(a) = G(a + 1) · U^(1/a)`
 */
export function gammaVariate(shape: number, random: Random): number {
  if (shape < 1) return gammaVariate(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return d * v;
    }
  }
}
