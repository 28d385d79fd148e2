import { boundingBox } from "../volumes/bounding-box.ts";
import { largestComponent } from "../volumes/components.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { interpolate } from "../volumes/interpolate.ts";
import type { Box, Grid, Mask, Zyx } from "../volumes/shape.ts";
import { placeBox } from "./place.ts";
import type { Place } from "./place.ts";
import type { View } from "./view.ts";

/**
 * From a refinement network's probability of specimen (per voxel of the view, 0 to 1) to a box at
 * level 0: blurred a little, the largest piece above `cut`; undefined when nothing is.
 *
 * Training weighs specimen and background equally although background is far more, which moves the
 * useful cut up: on the hard set 0.8 gave 2.3 % of the axis and lost 0.45 % of the specimen, 0.85
 * 2.1 % and 0.64 %.
 */
export function localizeFromProbability(
  probability: Grid<Float32Array>,
  view: View,
  place: Place,
  cut = 0.85,
): { readonly box: Box | undefined; readonly mask: Mask } {
  const { valid, bin } = view;
  const masked = probability.data.map((p, i) => p * valid.data[i]!);
  const shape = valid.shape.map((n) => n * bin) as unknown as Zyx;
  const origin = 0.5 / bin - 0.5;
  const fine = interpolate(
    gaussian({ shape: valid.shape, data: masked }, 0.7),
    shape,
    [origin, origin, origin],
    [1 / bin, 1 / bin, 1 / bin],
  );
  const mask = largestComponent({ shape, data: Uint8Array.from(fine.data, (p) => +(p > cut)) });
  const box = boundingBox(mask);
  return { box: box === undefined ? undefined : placeBox(box, shape, 1, place), mask };
}
