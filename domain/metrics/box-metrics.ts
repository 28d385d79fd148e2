import { boxIou, boxShape, boxVolume, overlapVolume } from "../volumes/box.ts";
import { AXES } from "../volumes/shape.ts";
import type { Box, Mask, Zyx } from "../volumes/shape.ts";

/** How a found box compares with the true one. Boxes, shapes and errors in voxels of one level. */
export interface BoxMetrics {
  /** Mean absolute error over the six faces. */
  readonly maePx: number;
  /** The same as a share of the volume's axis, mean over axes. */
  readonly relAxis: number;
  /** The same as a share of the true box's side, mean over axes: the paper's "relative error". */
  readonly relSide: number;
  /** Per face: how far the box cuts into the true one; negative is slack. */
  readonly cut: Box;
  /** The worst absolute error of a face. */
  readonly worstFace: number;
  /** Share of the true box's voxels outside the box. */
  readonly boxLost: number;
  /** Share of the volume inside the box. */
  readonly kept: number;
  /** Intersection over union. */
  readonly iou: number;
}

/** Compare a box with the truth in a volume of `shape` (method.md 2.8; arXiv 2011.03353, 3.2). */
export function boxMetrics(box: Box, truth: Box, shape: Zyx): BoxMetrics {
  const cut = AXES.map((axis) => [
    box[axis][0] - truth[axis][0],
    truth[axis][1] - box[axis][1],
  ]) as unknown as Box;
  const sides = boxShape(truth);
  const perAxis = AXES.map((axis) => (Math.abs(cut[axis][0]) + Math.abs(cut[axis][1])) / 2);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return {
    maePx: mean(perAxis),
    relAxis: mean(perAxis.map((e, axis) => e / shape[axis]!)),
    relSide: mean(perAxis.map((e, axis) => e / sides[axis]!)),
    cut,
    worstFace: Math.max(...cut.flat().map(Math.abs)),
    boxLost: 1 - overlapVolume(box, truth) / boxVolume(truth),
    kept: boxVolume(box) / (shape[0] * shape[1] * shape[2]),
    iou: boxIou(box, truth),
  };
}

/** Share of a specimen's voxels that a box would cut away, 0 to 1; 0 for an empty mask. */
export function specimenLost(box: Box, specimen: Mask): number {
  const [z, y, x] = specimen.shape;
  let [all, inside] = [0, 0];
  for (let k = 0, i = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      const row = k >= box[0][0] && k < box[0][1] && j >= box[1][0] && j < box[1][1];
      for (let l = 0; l < x; l++, i++) {
        if (specimen.data[i] === 0) continue;
        all++;
        if (row && l >= box[2][0] && l < box[2][1]) inside++;
      }
    }
  }
  return all === 0 ? 0 : 1 - inside / all;
}
