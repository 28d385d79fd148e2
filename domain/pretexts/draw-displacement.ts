import type { Random } from "../random.ts";
import { displacement } from "./displacement.ts";

/** Draws of slices, each an array of different slice indices. */
export type Draws = readonly (readonly number[])[];

/** `count` draws of `k` different ones of `slices`; none where there are fewer than `k`. */
export function drawSlices(
  slices: readonly number[],
  { k, count }: { readonly k: number; readonly count: number },
  random: Random,
): Draws {
  if (slices.length < k) return [];
  return Array.from({ length: count }, () => {
    const all = [...slices];
    for (let i = 0; i < k; i++) {
      const j = i + random.int(all.length - i);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all.slice(0, k);
  });
}

/**
 * Mean displacement of draws of slices, in positions; `undefined` of no draws.
 *
 * @param scores - one per slice of the whole volume, in order along the axis
 */
export function drawDisplacement(scores: ArrayLike<number>, draws: Draws): number | undefined {
  if (draws.length === 0) return undefined;
  const sum = draws.reduce(
    (total, draw) =>
      total +
      displacement(
        draw.map((slice) => scores[slice]!),
        draw,
      ),
    0,
  );
  return sum / draws.length;
}
