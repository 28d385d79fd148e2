import type { Random } from "../random.ts";

/**
 * A count from a Poisson distribution of the given mean.
 *
 * Multiplication of uniforms below a mean of 10, transformed rejection above: exact for both.
 * @see Hörmann, "The transformed rejection method for generating Poisson random variables",
 * Insurance: Mathematics and Economics 12 (1993), algorithm PTRS.
 */
export function poisson(random: Random, mean: number): number {
  return mean < 10 ? byMultiplication(random, mean) : byTransformedRejection(random, mean);
}

function byMultiplication(random: Random, mean: number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > floor; product *= random.next()) count++;
  return count;
}

function byTransformedRejection(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.next() - 0.5;
    const v = 1 - random.next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const hat = Math.log((v * inverseAlpha) / (a / (us * us) + b));
    if (hat <= k * Math.log(mean) - mean - logFactorial(k)) return k;
  }
}

const LOG_FACTORIALS = (() => {
  const table = [0];
  for (let k = 1; k < 10; k++) table.push(table[k - 1]! + Math.log(k));
  return table;
})();

/** Stirling's series; below 10 a table, where three terms are not enough. */
function logFactorial(k: number): number {
  const exact = LOG_FACTORIALS[k];
  if (exact !== undefined) return exact;
  const r = 1 / k;
  const series = r * (1 / 12 - r * r * (1 / 360 - (r * r) / 1260));
  return (k + 0.5) * Math.log(k) - k + 0.9189385332046728 + series;
}
