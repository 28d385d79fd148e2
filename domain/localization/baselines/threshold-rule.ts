import { boundingBox } from "../../volumes/bounding-box.ts";
import { largestComponent } from "../../volumes/components.ts";
import { gaussian } from "../../volumes/gaussian.ts";
import type { Box, Grid } from "../../volumes/shape.ts";
import { placeBox } from "../place.ts";
import type { Place } from "../place.ts";
import { above } from "./above.ts";
import type { BaselineScan } from "./baseline.ts";
import { enlarge } from "./enlarge.ts";

/** How grey values are looked at before a threshold. */
export interface ThresholdKind {
  /** Of a Gaussian, in voxels of the working level. */
  readonly sigma: number;
  /** The specimen is brighter than what is around it, or darker. */
  readonly polarity: "bright" | "dark";
}

export interface ThresholdRule extends ThresholdKind {
  /** A grey value. */
  readonly threshold: number;
  /** Only the largest piece counts. */
  readonly largest: boolean;
}

/** What a threshold is put on, in voxels of the working level. */
export type GreyImage = (scan: Pick<BaselineScan, "level" | "view">) => Grid;

/** Grey values as they are. */
export const rawImage: GreyImage = ({ level }) => level;

/** The view, at the working level's resolution; 0, the medium, where it is not valid. */
export const suppressedImage: GreyImage = ({ view: { values, valid, bin } }) => {
  const data = values.data.map((v, i) => v * valid.data[i]!);
  return enlarge({ shape: values.shape, data }, bin);
};

/** Blurred, and negated where the specimen is dark: it is above `sign · threshold` in either case. */
export function prepareImage(image: Grid, { sigma, polarity }: ThresholdKind): Grid<Float32Array> {
  const smooth = gaussian(image, sigma);
  if (polarity === "bright") return smooth;
  return { shape: smooth.shape, data: smooth.data.map((v) => -v) };
}

/** The box of what is above a threshold in a prepared image; undefined where nothing is. */
export function boxAbove(
  prepared: Grid<Float32Array>,
  threshold: number,
  largest: boolean,
  place: Place,
): Box | undefined {
  const mask = above(prepared, threshold);
  const box = boundingBox(largest ? largestComponent(mask) : mask);
  return box && placeBox(box, prepared.shape, 1, place);
}
