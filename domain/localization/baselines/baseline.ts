import type { Box, Grid } from "../../volumes/shape.ts";
import type { Place } from "../place.ts";
import type { View } from "../view.ts";

/** A scan as baselines see it. */
export interface BaselineScan {
  /** The working level, grey values as they are. */
  readonly level: Grid;
  /** The same with its container suppressed. */
  readonly view: View;
  readonly place: Place;
}

/** A scan whose box is known: what baselines with labels are made from. */
export interface LabelledScan extends BaselineScan {
  /** At level 0. */
  readonly truth: Box;
}

/** A way to find a box that learns nothing or little: what a learned localizer is compared with. */
export interface Baseline {
  readonly name: string;
  /** Made from known boxes. Not in competition with what needs none, and yet a measure of it. */
  readonly usesLabels: boolean;
  /** A box at level 0; undefined where nothing is found. */
  locate(scan: BaselineScan): Box | undefined;
}
