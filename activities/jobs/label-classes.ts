import { InvalidInput } from "../../domain/errors.ts";
import type { Grid } from "../../domain/volumes/shape.ts";

const MAX_CLASSES = 64;
/** What the label volumes that a model makes can hold: uint16. */
const MAX_LABEL = 65535;

/**
 * Every label that occurs, ascending, 0 (background) first whether it occurs or not. `InvalidInput`
 * when there is nothing but background, or what no label volume holds.
 */
export function labelValues(grids: readonly Grid[]): number[] {
  const found = new Set<number>([0]);
  for (const { data } of grids) {
    for (const value of data) {
      if (found.has(value)) continue;
      if (value < 0 || value > MAX_LABEL) {
        throw new InvalidInput(`The labels hold ${value}, expected 0 to ${MAX_LABEL}`);
      }
      found.add(value);
      if (found.size > MAX_CLASSES) {
        throw new InvalidInput(
          `The labels hold more than ${MAX_CLASSES} different values: is it a label volume?`,
        );
      }
    }
  }
  if (found.size < 2) throw new InvalidInput("The labels hold nothing but background");
  return [...found].sort((a, b) => a - b);
}

/** Labels as their places in `labels`, which holds all of them. */
export function toClasses({ shape, data }: Grid, labels: readonly number[]): Grid<Uint8Array> {
  const index = new Map(labels.map((label, k) => [label, k]));
  return { shape, data: Uint8Array.from(data, (label) => index.get(label)!) };
}
