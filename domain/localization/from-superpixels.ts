import { boundingBox } from "../volumes/bounding-box.ts";
import { largestComponent } from "../volumes/components.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { interpolate } from "../volumes/interpolate.ts";
import { quantile } from "../volumes/median.ts";
import { otsu } from "../volumes/otsu.ts";
import { AXES, type Box, type Grid, type Interval, type Mask } from "../volumes/shape.ts";
import { type Place, placeBox } from "./place.ts";
import type { SuperpixelMap } from "./score-superpixels.ts";
import type { View } from "./view.ts";

export interface FromSuperpixelsOptions {
  /**
   * `top`, the paper's: the most varying superpixels, whatever there is; `otsu`: the upper of two
   * classes of the interpolated map, which was measured better. @default "otsu"
   */
  readonly rule?: "otsu" | "top";
  /** Of the superpixels (`top`). @default 0.03, the paper's */
  readonly fraction?: number;
}

/** Superpixels are coarse: what is interpolated between them is blurred by a quarter of one. */
const BLUR = 0.25;

/**
 * From what varies in a sorting network to a box at level 0: the largest region of the most varying
 * superpixels (`top`), or of the upper class (`otsu`); undefined for a map of one value.
 *
 * @see arXiv 2011.03353, section 2.1
 */
export function localizeFromSuperpixels(
  map: SuperpixelMap,
  view: View,
  place: Place,
  { rule = "otsu", fraction = 0.03 }: FromSuperpixelsOptions = {},
): { readonly box: Box | undefined; readonly mask: Mask } {
  const { shape } = view.valid;
  if (rule === "top") {
    const threshold = quantile(map.values.data, 1 - fraction);
    const mask = above(map.values, threshold);
    const cells = boundingBox(mask);
    return { box: cells && placeBox(snap(cells, map, shape), shape, view.bin, place), mask };
  }
  const origin = AXES.map((axis) => -map.origin[axis] / map.step[axis]);
  const step = AXES.map((axis) => 1 / map.step[axis]);
  const fine = interpolate(
    map.values,
    shape,
    origin as unknown as typeof map.origin,
    step as unknown as typeof map.step,
  );
  const smooth = gaussian(fine, Math.max(0.7, BLUR * Math.max(...map.step)));
  const masked = { shape, data: smooth.data.map((v, i) => v * view.valid.data[i]!) };
  const threshold = otsu(smooth.data.filter((_, i) => view.valid.data[i] === 1)).thresholds[0];
  if (threshold === undefined) return { box: undefined, mask: above(masked, Infinity) };
  const mask = above(masked, threshold);
  const box = boundingBox(mask);
  return { box: box && placeBox(box, shape, view.bin, place), mask };
}

function above({ shape, data }: Grid<Float32Array>, threshold: number): Mask {
  return largestComponent({ shape, data: Uint8Array.from(data, (v) => +(v > threshold)) });
}

/** The voxels of the view that a range of superpixels covers. */
function snap(cells: Box, { origin, step }: SuperpixelMap, shape: View["valid"]["shape"]): Box {
  return AXES.map((axis): Interval => {
    const at = (edge: number) => origin[axis] + (edge - 0.5) * step[axis] + 0.5;
    const [lo, hi] = [Math.floor(at(cells[axis][0])), Math.ceil(at(cells[axis][1]))];
    const first = Math.min(Math.max(0, lo), shape[axis] - 1);
    return [first, Math.max(first + 1, Math.min(hi, shape[axis]))];
  }) as unknown as Box;
}
