import type { Mask } from "../../volumes/shape.ts";
import type { Line } from "./line.ts";
import type { Section } from "./section.ts";

/** The wall of a container along z; lengths in voxels of the level that it was found in. */
export interface Wall {
  /** Where the axis is in slice z. */
  readonly centreY: Line;
  readonly centreX: Line;
  /** The inner face: what is inside can be medium or specimen. */
  readonly section: Section;
  /** Where the wall ends and what is around it begins; of a square one, from its middle to a side. */
  readonly outerRadius: number;
}

/** Something of one cross-section along z that lies beside the specimen. */
export interface Bed {
  /** `[1, Y, X]`: what it covers where the shift is 0. */
  readonly mask: Mask;
  /** How far it has moved in slice z, in voxels. */
  readonly shiftY: Line;
  readonly shiftX: Line;
}

/**
 * What holds the specimen:
 * - `tube`: one round wall, all of it in view;
 * - `box`: one wall with four flat sides, turned by any angle;
 * - `nested`: several walls within each other, of which the innermost counts;
 * - `partial`: a round wall that leaves the field of view;
 * - `field`: no wall, but a round field of view with nothing in the corners;
 * - `bed`: no wall, but something that the specimen lies on.
 */
export interface FoundContainer {
  readonly kind: "tube" | "box" | "nested" | "partial" | "field" | "bed";
  /** In words, with numbers: what was seen. */
  readonly reason: string;
  readonly wall?: Wall;
  /**
   * Grey level between air and what is not air, for a volume blurred by 1.5 voxels, where there is a
   * medium and air beside it: caps, bubbles. What is darker is masked.
   */
  readonly air?: number;
  /** What is around the specimen is air, or as even as air: nothing has to be evened out. */
  readonly dry: boolean;
  readonly bed?: Bed;
}

/** No container that could be masked; `reason` says what was looked for and not found. */
export interface NoContainer {
  readonly kind: "none";
  readonly reason: string;
}

export type Container = FoundContainer | NoContainer;
