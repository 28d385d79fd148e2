import { InvalidInput } from "../errors.ts";

/** How often each true class was given each predicted one: `counts[truth][predicted]`. */
export type Confusion = readonly (readonly number[])[];

/** Count one volume; add up volumes with `addConfusions`. */
export function confusion(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): Confusion {
  if (truth.length !== predicted.length) {
    throw new InvalidInput(`${truth.length} true and ${predicted.length} predicted voxels`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]!++;
  return counts;
}

export function addConfusions(a: Confusion, b: Confusion): Confusion {
  return a.map((row, i) => row.map((count, j) => count + b[i]![j]!));
}

/**
 * Intersection over union per class over a whole data set; undefined for a class that is neither
 * there nor predicted. (Not the mean over batches, which flatters absent classes.)
 */
export function intersectionOverUnion(counts: Confusion): (number | undefined)[] {
  return counts.map((row, k) => {
    const shared = row[k]!;
    const either =
      row.reduce((sum, count) => sum + count, 0) +
      counts.reduce((sum, other) => sum + other[k]!, 0) -
      shared;
    return either === 0 ? undefined : shared / either;
  });
}
