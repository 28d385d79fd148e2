import { boundingBox } from "../../volumes/bounding-box.ts";
import { largestComponent } from "../../volumes/components.ts";
import { distance } from "../../volumes/distance.ts";
import { otsu } from "../../volumes/otsu.ts";
import type { Box, Grid } from "../../volumes/shape.ts";
import { placeBox } from "../place.ts";
import { above } from "./above.ts";
import type { Baseline, BaselineScan } from "./baseline.ts";
import type { ControlMap } from "./control-maps.ts";
import { enlarge } from "./enlarge.ts";

/** Otsu's upper class of a map of the view, its largest piece: local energy or deviation, label-free. */
export function mapOtsu(name: string, map: ControlMap): Baseline {
  return {
    name,
    usesLabels: false,
    locate: (scan) => boxAtDepth(depthOf(scan, map, 2), 0, scan),
  };
}

/**
 * How deep every voxel of the working level lies inside the largest piece of a map's upper class, in
 * voxels; 0 outside. Undefined where the map has one value.
 */
export function depthOf(
  { view }: Pick<BaselineScan, "view">,
  map: ControlMap,
  classes: 2 | 3,
): Grid<Float32Array> | undefined {
  const { valid } = view;
  const { shape, data } = map(view);
  const inside = data.filter((_, i) => valid.data[i] === 1);
  const threshold = otsu(inside, classes).thresholds.at(-1);
  if (threshold === undefined) return undefined;
  const least = inside.reduce((a, b) => Math.min(a, b), Infinity);
  const masked = data.map((v, i) => (valid.data[i] === 1 ? v : least));
  const fine = enlarge({ shape, data: masked }, view.bin);
  return distance(largestComponent(above(fine, threshold)), "outside");
}

/** The box of what lies deeper than `erode` voxels, of its largest piece. */
export function boxAtDepth(
  depth: Grid<Float32Array> | undefined,
  erode: number,
  { place }: Pick<BaselineScan, "place">,
): Box | undefined {
  if (depth === undefined) return undefined;
  const box = boundingBox(largestComponent(above(depth, erode)));
  return box && placeBox(box, depth.shape, 1, place);
}
