import { InvalidInput } from "../../errors.ts";
import { mapAxes } from "../../volumes/box.ts";
import type { Baseline, LabelledScan } from "./baseline.ts";

/**
 * The mean of known boxes, relative to the volume: strong where specimens sit near the same place.
 * A scan must not be scored by a mean that it is part of.
 *
 * @see method.md, section 0.5
 */
export function meanBox(scans: readonly Pick<LabelledScan, "truth" | "place">[]): Baseline {
  if (scans.length === 0) throw new InvalidInput("Expected known boxes for a mean box, got none");
  const meanFace = (axis: 0 | 1 | 2, end: 0 | 1) =>
    scans.reduce((sum, { truth, place }) => sum + truth[axis][end] / place.shape0[axis], 0) /
    scans.length;
  const relative = mapAxes((axis) => [meanFace(axis, 0), meanFace(axis, 1)]);
  return {
    name: "mean box",
    usesLabels: true,
    locate: ({ place: { shape0 } }) =>
      mapAxes((axis) => {
        const n = shape0[axis];
        const lo = Math.min(Math.round(relative[axis][0] * n), n - 1);
        return [lo, Math.max(lo + 1, Math.round(relative[axis][1] * n))];
      }),
  };
}
