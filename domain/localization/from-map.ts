import { boundingBox } from "../volumes/bounding-box.ts";
import { largestComponent } from "../volumes/components.ts";
import { distance } from "../volumes/distance.ts";
import { median, robustSd } from "../volumes/median.ts";
import { otsu } from "../volumes/otsu.ts";
import type { Box, Grid, Mask, Zyx } from "../volumes/shape.ts";
import { meanMap } from "./mean-map.ts";
import { placeBox } from "./place.ts";
import type { Place } from "./place.ts";
import { sliceQuantiles } from "./slice-quantiles.ts";
import type { CertaintyMap, View } from "./view.ts";

/** What window-wise certainty says about where the specimen is. */
export interface MapLocalization {
  /** At level 0; undefined when the map has no contrast. */
  readonly box: Box | undefined;
  /** The mean of the maps, in voxels of the working level. */
  readonly map: Grid<Float32Array>;
  /** Where the windows lie well inside the specimen, in voxels of the working level. */
  readonly mask: Mask;
  /** Per axis: the 97th percentile of the map in each slice. */
  readonly profiles: readonly [Float64Array, Float64Array, Float64Array];
  /** How far the upper class is above the median of the map, in the map's robust deviations. */
  readonly contrast: number;
}

export interface FromMapOptions {
  /** Of the windows, in voxels of the view. */
  readonly windowRadius: number;
  /** A window scores as soon as its rim touches the specimen: what to take back, in radii. @default 0.3 */
  readonly erode?: number;
}

/** Below this the upper class is no more than the tail of a flat, noisy map; barely trained windows gave 2.1 to 3.7. */
export const LEAST_MAP_CONTRAST = 1.8;

/**
 * From certainty maps to a box: the upper of three classes of certainty, its largest piece, shrunk
 * by 0.3 window radii because a window at the specimen's rim scores too.
 */
export function localizeFromMaps(
  maps: readonly CertaintyMap[],
  view: View,
  place: Place,
  { windowRadius, erode = 0.3 }: FromMapOptions,
): MapLocalization {
  const shape = view.values.shape.map((n) => n * view.bin) as unknown as Zyx;
  const map = meanMap(maps, shape, view.bin);
  const valid = enlarge(view.valid, view.bin, shape);
  const inside = map.data.filter((_, i) => valid[i] === 1);
  const profiles = sliceQuantiles(
    { shape, data: map.data.map((v, i) => (valid[i] === 1 ? v : 0)) },
    0.97,
  );
  const nothing = { mask: { shape, data: new Uint8Array(map.data.length) }, map, profiles };
  const threshold = otsu(inside, 3).thresholds.at(-1);
  if (threshold === undefined) return { ...nothing, box: undefined, contrast: 0 };

  const upper = inside.filter((v) => v > threshold);
  const middle = median(inside);
  const contrast = (mean(upper) - middle) / Math.max(robustSd(inside, middle), 1e-6);
  if (!(contrast >= LEAST_MAP_CONTRAST)) return { ...nothing, box: undefined, contrast };

  const high = largestComponent({
    shape,
    data: Uint8Array.from(map.data, (v, i) => +(valid[i] === 1 && v > threshold)),
  });
  const depth = distance(high, "outside").data;
  const deepest = depth.reduce((a, b) => Math.max(a, b), 0);
  // A specimen thinner than the windows must not vanish.
  const cut = Math.min(erode * windowRadius * view.bin, 0.5 * deepest);
  const mask = largestComponent({ shape, data: Uint8Array.from(depth, (d) => +(d > cut)) });
  const box = boundingBox(mask);
  return {
    box: box === undefined ? undefined : placeBox(box, shape, 1, place),
    mask,
    map,
    profiles,
    contrast,
  };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function enlarge({ shape: [, y, x], data }: Mask, bin: number, [Z, Y, X]: Zyx): Uint8Array {
  const out = new Uint8Array(Z * Y * X);
  for (let k = 0, i = 0; k < Z; k++) {
    for (let j = 0; j < Y; j++) {
      const row = (Math.floor(k / bin) * y + Math.floor(j / bin)) * x;
      for (let l = 0; l < X; l++) out[i++] = data[row + Math.floor(l / bin)]!;
    }
  }
  return out;
}
