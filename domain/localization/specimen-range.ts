import { boundingBox } from "../volumes/bounding-box.ts";
import type { Interval } from "../volumes/shape.ts";
import { energyLocalizer } from "./energy.ts";
import type { View } from "./view.ts";

/** Where along z the label-free energy localizer sees the specimen, in slices of the view. */
export function specimenRange(view: View): Interval | undefined {
  const { mask } = energyLocalizer(view, { level: 0, shape0: view.values.shape });
  return boundingBox(mask)?.[0];
}
