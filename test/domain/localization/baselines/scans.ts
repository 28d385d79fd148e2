import type { LabelledScan } from "../../../../domain/localization/baselines/baseline.ts";
import { createView } from "../../../../domain/localization/create-view.ts";
import { finish } from "../../../../domain/localization/steps.ts";
import { createRandom } from "../../../../domain/random.ts";
import type { Box, Grid, Zyx } from "../../../../domain/volumes/shape.ts";
import { tubeScan } from "../../../support/tube-scan.ts";
import type { TubeScanOptions } from "../../../support/tube-scan.ts";

/** A scan of the given voxels, without a container, at level 0. */
export function plainScan(level: Grid, truth: Box): LabelledScan {
  const { view } = finish(createView(level, { container: "none" }));
  return { level, view, truth, place: { level: 0, shape0: level.shape } };
}

/** A tube with a specimen in it, its container suppressed. */
export function tubeScanOf(options: TubeScanOptions): LabelledScan {
  const { level, box } = tubeScan(options);
  return { ...plainScan(level, box), view: finish(createView(level)).view };
}

/** Noise of sd 1 around 100, and in a box other grey values, given by `paint`. */
export function boxScan(
  shape: Zyx,
  box: Box,
  paint: number,
  { noise = 1, seed = 1 } = {},
): Grid<Float32Array> {
  const random = createRandom(seed, "box-scan");
  const [, y, x] = shape;
  const data = Float32Array.from({ length: shape[0] * y * x }, (_, i) => {
    const at = [Math.floor(i / (y * x)), Math.floor(i / x) % y, i % x];
    const inside = box.every(([lo, hi], axis) => at[axis]! >= lo && at[axis]! < hi);
    return 100 + noise * random.normal() + (inside ? paint : 0);
  });
  return { shape, data };
}
