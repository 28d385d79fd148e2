import type { View } from "../../domain/localization/view.ts";
import type { Grid, VoxelArray } from "../../domain/volumes/shape.ts";

/** A view turned over: its last slice first. */
export function reverseView(view: View): View {
  return { ...view, values: reverse(view.values), valid: reverse(view.valid) };
}

function reverse<T extends VoxelArray>({ shape, data }: Grid<T>): Grid<T> {
  const area = shape[1] * shape[2];
  const reversed = data.slice() as T;
  for (let k = 0; k < shape[0]; k++) {
    reversed.set(data.subarray(k * area, (k + 1) * area), (shape[0] - 1 - k) * area);
  }
  return { shape, data: reversed };
}
