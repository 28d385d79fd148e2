import type { Grid, Mask } from "../../volumes/shape.ts";

/** Where a grid is above a threshold. */
export function above({ shape, data }: Grid, threshold: number): Mask {
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++) if (data[i]! > threshold) mask[i] = 1;
  return { shape, data: mask };
}
