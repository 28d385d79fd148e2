import { InvalidInput } from "../errors.ts";

/**
 * Whether two series can be correlated: false where a value is NaN or there are fewer than two.
 * Throws `InvalidInput` when their lengths differ.
 */
export function checkPairs(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) {
    throw new InvalidInput(`Expected a value for each of ${a.length} values, got ${b.length}`);
  }
  for (let i = 0; i < a.length; i++) if (Number.isNaN(a[i]) || Number.isNaN(b[i])) return false;
  return a.length >= 2;
}
