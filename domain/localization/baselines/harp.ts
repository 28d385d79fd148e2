import { boundingBox } from "../../volumes/bounding-box.ts";
import { largestComponent } from "../../volumes/components.ts";
import { otsu } from "../../volumes/otsu.ts";
import type { Grid } from "../../volumes/shape.ts";
import { placeBox } from "../place.ts";
import { above } from "./above.ts";
import type { Baseline } from "./baseline.ts";

/** Of the mean of height and width, added to each face. */
const PADDING = 0.04;

/**
 * As HARP crops embryos (MRC Harwell): the brightest voxels along z, Otsu's threshold over 128 bins,
 * the largest piece, and 4 % padding. z is not cropped. Pieces may touch by corners here, HARP's
 * only by edges.
 *
 * @see https://github.com/mpi2/HARP, harp/imgprocessing/crop.py
 */
export const harp: Baseline = {
  name: "HARP (projection, Otsu)",
  usesLabels: false,
  locate({ level, place }) {
    const [z, y, x] = level.shape;
    const projection = brightest(level);
    const threshold = otsu(projection.data, 2, 128).thresholds[0];
    if (threshold === undefined) return undefined;
    const box = boundingBox(largestComponent(above(projection, threshold)));
    if (box === undefined) return undefined;
    const padding = Math.floor((PADDING * (y + x)) / 2);
    const padded = (axis: 1 | 2, n: number) =>
      [Math.max(0, box[axis][0] - padding), Math.min(n, box[axis][1] + padding)] as const;
    return placeBox([[0, z], padded(1, y), padded(2, x)], level.shape, 1, place);
  },
};

/** `[1, y, x]` */
function brightest({ shape: [z, y, x], data }: Grid): Grid<Float32Array> {
  const out = new Float32Array(y * x).fill(-Infinity);
  for (let k = 0, at = 0; k < z; k++) {
    for (let i = 0; i < out.length; i++, at++) if (data[at]! > out[i]!) out[i] = data[at]!;
  }
  return { shape: [1, y, x], data: out };
}
