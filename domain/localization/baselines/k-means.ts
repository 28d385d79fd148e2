import { otsu } from "../../volumes/otsu.ts";

/** Lloyd's algorithm is at its end long before. */
const MOST_ROUNDS = 200;

/**
 * Centres of two or three clusters of numbers, ascending; fewer where there are fewer different
 * values. Begins at Otsu's thresholds, which are the best clusters of the values' histogram, and moves
 * the centres until no value changes its cluster.
 */
export function kMeans(values: Float32Array, clusters: 2 | 3): readonly number[] {
  let borders: readonly number[] = otsu(values, clusters).thresholds;
  if (borders.length === 0) return values.length === 0 ? [] : [values[0]!];
  let centres: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sums = new Float64Array(borders.length + 1);
    const counts = new Float64Array(borders.length + 1);
    for (let i = 0; i < values.length; i++) {
      let cluster = 0;
      while (cluster < borders.length && values[i]! > borders[cluster]!) cluster++;
      sums[cluster]! += values[i]!;
      counts[cluster]!++;
    }
    const moved = Array.from(sums, (sum, i) => sum / counts[i]!).filter(Number.isFinite);
    if (moved.length === centres.length && moved.every((centre, i) => centre === centres[i])) break;
    centres = moved;
    borders = centres.slice(1).map((centre, i) => (centre + centres[i]!) / 2);
  }
  return centres;
}
