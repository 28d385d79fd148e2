import { fullBox } from "../../volumes/box.ts";
import type { Baseline } from "./baseline.ts";

/** Crop nothing. */
export const fullVolume: Baseline = {
  name: "full volume",
  usesLabels: false,
  locate: ({ place }) => fullBox(place.shape0),
};
