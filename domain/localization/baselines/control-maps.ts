import { gaussian } from "../../volumes/gaussian.ts";
import { median } from "../../volumes/median.ts";
import type { Grid } from "../../volumes/shape.ts";
import type { View } from "../view.ts";

/** A number per voxel of a view: high where specimen is likely. */
export type ControlMap = (view: View) => Grid<Float32Array>;

/** Mean square of the view, blurred a little, over a neighbourhood of 3.3 voxels of 64. */
export const energyMap: ControlMap = (view) => {
  const { valid } = view;
  const fine = gaussian(view.values, 0.7).data;
  const data = fine.map((v, i) => v * v * valid.data[i]!);
  return gaussian({ shape: valid.shape, data }, scaled(20 / 6, view));
};

/** Standard deviation of the view over a neighbourhood of 2.5 voxels of 64. */
export const deviationMap: ControlMap = (view) => {
  const { shape, data } = view.values;
  const sigma = scaled(2.5, view);
  const mean = gaussian(view.values, sigma).data;
  const squares = gaussian({ shape, data: data.map((v) => v * v) }, sigma).data;
  return { shape, data: squares.map((s, i) => Math.sqrt(Math.max(0, s - mean[i]! ** 2))) };
};

/** The same share of smaller and larger views, within reason. */
function scaled(sigma: number, { values }: View): number {
  return sigma * Math.min(Math.max(median(values.shape) / 64, 0.3), 2);
}
