import type { Grid, Mask } from "../../volumes/shape.ts";
import { backgroundGrey } from "../background-grey.ts";
import { grain, lagOneCorrelation } from "./grain.ts";

/**
 * A level with what is masked replaced by noise around the background's level, of the spread and
 * the graininess that the background has elsewhere; the same for the same `seed`.
 */
export function fillMasked(level: Grid, valid: Mask, seed: number): Grid<Float32Array> {
  const data = Float32Array.from(level.data);
  const { level: grey, noise } = backgroundGrey(
    data.filter((_, i) => valid.data[i] === 1),
    0,
  );
  // Only neighbours near the background say how grainy it is.
  const flat = data.map((v) => v - grey);
  const near = valid.data.map((v, i) => +(v === 1 && Math.abs(flat[i]!) <= 3 * noise));
  const correlation = noise > 0 ? lagOneCorrelation(flat, near, level.shape[2], noise) : 0.02;
  const fill = grain(level.shape, correlation, seed);
  for (let i = 0; i < data.length; i++) {
    if (valid.data[i] === 0) data[i] = grey + noise * fill[i]!;
  }
  return { shape: level.shape, data };
}
