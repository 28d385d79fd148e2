import { boxShape } from "../../volumes/box.ts";
import { AXES, AXIS_NAMES, type Box, type Zyx } from "../../volumes/shape.ts";

/** Numbers that tell how a scan was localized, truth or not. */
export interface Features {
  readonly confidence: number;
  /** Sides of the box as shares of the axes. */
  readonly sideZ: number;
  readonly sideY: number;
  readonly sideX: number;
}

/** Of a scan of `shape` in which `box` was found, 0 to 1, with this confidence. */
export function featuresOf(box: Box, shape: Zyx, confidence: number): Features {
  const sides = boxShape(box);
  const [sideZ, sideY, sideX] = AXES.map((axis) => sides[axis] / shape[axis]) as [
    number,
    number,
    number,
  ];
  return { confidence, sideZ, sideY, sideX };
}

/** What a feature is called in a sentence. */
export const FEATURE_NAMES: Readonly<Record<keyof Features, string>> = {
  confidence: "the confidence",
  sideZ: `the box's length along ${AXIS_NAMES[0]}`,
  sideY: `the box's length along ${AXIS_NAMES[1]}`,
  sideX: `the box's length along ${AXIS_NAMES[2]}`,
};
