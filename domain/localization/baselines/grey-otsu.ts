import { boundingBox } from "../../volumes/bounding-box.ts";
import { largestComponent } from "../../volumes/components.ts";
import { otsu } from "../../volumes/otsu.ts";
import { placeBox } from "../place.ts";
import { above } from "./above.ts";
import type { Baseline } from "./baseline.ts";

/**
 * Otsu's threshold on grey values as they are, and the largest piece above it; of three classes, the
 * brightest.
 */
export function greyOtsu(classes: 2 | 3): Baseline {
  return {
    name: classes === 2 ? "grey, Otsu" : "grey, Otsu of 3 classes",
    usesLabels: false,
    locate({ level, place }) {
      const threshold = otsu(level.data, classes).thresholds.at(-1);
      if (threshold === undefined) return undefined;
      const box = boundingBox(largestComponent(above(level, threshold)));
      return box && placeBox(box, level.shape, 1, place);
    },
  };
}
