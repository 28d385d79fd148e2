import { InvalidInput } from "../../errors.ts";
import { boxMetrics } from "../../metrics/box-metrics.ts";
import { fullBox } from "../../volumes/box.ts";
import type { Steps } from "../steps.ts";
import type { Baseline, LabelledScan } from "./baseline.ts";
import type { ControlMap } from "./control-maps.ts";
import { boxAtDepth, depthOf } from "./map-box.ts";

/** Voxels of the view. */
const EROSIONS = [0, 1, 2, 3, 4, 5] as const;

/**
 * The controls as strong as they get: two or three classes of a map, and an erosion, whichever has the
 * least mean error over scans with known boxes.
 *
 * @see localization.md, section 3
 */
export function* chooseErosion(
  name: string,
  map: ControlMap,
  scans: readonly LabelledScan[],
): Steps<Baseline> {
  if (scans.length === 0) throw new InvalidInput("Expected known boxes to choose by, got none");
  let best = { error: Infinity, classes: 2 as 2 | 3, erode: 0 };
  for (const classes of [2, 3] as const) {
    const errors = EROSIONS.map(() => 0);
    for (const [i, scan] of scans.entries()) {
      const depth = depthOf(scan, map, classes);
      EROSIONS.forEach((erode, k) => {
        const box = boxAtDepth(depth, erode * scan.view.bin, scan);
        errors[k]! += errorOf(box, scan) / scans.length;
      });
      yield { fraction: (classes - 2 + (i + 1) / scans.length) / 2, note: `choosing, ${name}` };
    }
    errors.forEach((error, k) => {
      if (error < best.error) best = { error, classes, erode: EROSIONS[k]! };
    });
  }
  const { classes, erode } = best;
  return {
    name: `${name}, ${classes} classes, eroded by ${erode} (best)`,
    usesLabels: true,
    locate: (scan) => boxAtDepth(depthOf(scan, map, classes), erode * scan.view.bin, scan),
  };
}

/** In voxels of level 0; a scan without a box is kept whole. */
export function errorOf(
  box: ReturnType<Baseline["locate"]>,
  { truth, place: { shape0 } }: Pick<LabelledScan, "truth" | "place">,
): number {
  return boxMetrics(box ?? fullBox(shape0), truth, shape0).maePx;
}
