import { bin } from "../../volumes/bin.ts";
import { boundingBox } from "../../volumes/bounding-box.ts";
import { mapAxes } from "../../volumes/box.ts";
import { largestComponent } from "../../volumes/components.ts";
import { quantile } from "../../volumes/median.ts";
import type { Grid } from "../../volumes/shape.ts";
import { placeBox } from "../place.ts";
import { above } from "./above.ts";
import type { Baseline } from "./baseline.ts";
import { kMeans } from "./k-means.ts";
import { localEntropy } from "./local-entropy.ts";

/** Pixels around each that its entropy is of. */
const RADIUS = 2;
/** Cells of the reduced map that the hull is dilated by. */
const DILATION = 2;

/**
 * As BinScale crops, the production cropper of the paper's authors: local entropy of 8-bit slices,
 * averaged over blocks, the highest of three k-means clusters, its largest piece, convex hull, and
 * dilation. The hull is not drawn, as it has the box of what it is around.
 *
 * BinScale takes the entropy at full resolution and averages over 16 voxels; here it is of the working
 * level, and the blocks are those of the view.
 * @see https://github.com/DL4XRayTomoImaging-KIT/BinScale3D, src/binscale/cropper.py
 */
export const binScale: Baseline = {
  name: "BinScale (entropy, k-means)",
  usesLabels: false,
  locate({ level, view, place }) {
    const map = bin(localEntropy(toBytes(level), RADIUS), view.bin);
    // Where the entropy is 0 nothing was measured: constant padding.
    const centres = kMeans(
      map.data.filter((v) => v !== 0),
      3,
    );
    const [below, highest] = centres.slice(-2);
    if (below === undefined || highest === undefined) return undefined;
    const box = boundingBox(largestComponent(above(map, (below + highest) / 2)));
    if (box === undefined) return undefined;
    const dilated = mapAxes((axis) => [
      Math.max(0, box[axis][0] - DILATION),
      Math.min(map.shape[axis], box[axis][1] + DILATION),
    ]);
    return placeBox(dilated, map.shape, view.bin, place);
  },
};

/** Grey values between the 0.05th and the 99.95th percentile as 0 to 255, rounded down. */
function toBytes({ shape, data }: Grid): Grid<Uint8Array> {
  const [lo, hi] = [quantile(data, 0.0005), quantile(data, 0.9995)];
  const scale = hi > lo ? 255 / (hi - lo) : 0;
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Math.min(255, Math.max(0, (data[i]! - lo) * scale));
  }
  return { shape, data: bytes };
}
