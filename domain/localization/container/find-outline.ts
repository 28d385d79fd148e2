import { median } from "../../volumes/median.ts";
import { fillHoles } from "../../volumes/fill-holes.ts";
import { otsu } from "../../volumes/otsu.ts";
import type { Grid, Mask, Zyx } from "../../volumes/shape.ts";
import type { Wall } from "./container.ts";
import { discsOf, fullness } from "./discs.ts";
import { fitPrism } from "./fit-prism.ts";
import type { PrismFit } from "./fit-prism.ts";
import { fitRectangle } from "./fit-rectangle.ts";
import type { RectangleFit } from "./fit-rectangle.ts";
import { findInnerCorner } from "./inner-corner.ts";
import { findInnerFace } from "./inner-face.ts";
import type { InnerFaceSearch } from "./inner-face.ts";
import { onLine } from "./line.ts";
import type { Line } from "./line.ts";
import { mediumShare, openShare } from "./medium-share.ts";
import { createGauge, insetRectangle } from "./section.ts";

/** A container that stands out of the air around it. */
export interface Outline {
  readonly kind: "tube" | "box";
  readonly reason: string;
  readonly wall: Wall;
  readonly air: number;
}

/**
 * Look for a tube, round or square, with air all around it.
 *
 * It must show as outlines of one size along a straight line through most slices, be mostly full,
 * and full of something of one grey level. When anything of that does not hold, the answer says
 * what, in words. `smooth` is the level blurred by 1.5 voxels.
 */
export function findOutline(level: Grid, smooth: Grid<Float32Array>): Outline | string {
  const sample = everySecond(smooth);
  // Where the medium is close to the air and something bright is there, the upper of two classes
  // is only the bright part; the lower of three thresholds then separates air.
  const thresholds = [otsu(sample, 2, 128).thresholds[0], otsu(sample, 3, 128).thresholds[0]];
  let reason = "The volume is constant";
  for (const air of thresholds) {
    if (air === undefined) continue;
    const filled = Uint8Array.from(smooth.data, (v) => (v > air ? 1 : 0));
    const solid: Mask = { shape: level.shape, data: filled };
    const found = outlineOf(level, smooth, solid, air);
    if (typeof found !== "string") return found;
    reason = found;
  }
  return reason;
}

function outlineOf(
  level: Grid,
  smooth: Grid<Float32Array>,
  solid: Mask,
  air: number,
): Outline | string {
  const whole = fillHoles(solid);
  const prism = fitPrism(level.shape, discsOf(whole));
  if (typeof prism === "string") return prism;
  const round = median(prism.slices.map((d) => d.roundness));
  let rectangle: RectangleFit | undefined;
  if (round < LEAST_ROUND) {
    const fit = rectangleOf(whole, prism);
    if (typeof fit === "string") {
      return `The outline is not round: it shares ${(100 * round).toFixed(0)} % with the disc of equal area, a tube ${100 * LEAST_ROUND} % or more; ${fit}`;
    }
    rectangle = fit;
  }
  const full = fullness(solid, prism.slices, 0.85 * (rectangle?.section.radius ?? prism.radius));
  if (full < 0.5) {
    return `An outline of radius ${prism.radius.toFixed(1)} voxels was found, but ${(100 * (1 - full)).toFixed(0)} % of its inside is as dark as the air around it: no medium to compare with`;
  }
  const wall = rectangle
    ? squareWall(level, solid, prism, rectangle, air)
    : roundWall(level, solid, prism, air);
  if (wall.section.radius < LEAST_INSIDE * (rectangle?.section.radius ?? prism.radius)) {
    return `An outline of radius ${prism.radius.toFixed(1)} voxels was found, but going inwards from it no medium begins: the grey level keeps changing`;
  }
  const open = openShare(smooth, wall, air);
  if (open < 0.5) {
    return `A straight outline of radius ${prism.radius.toFixed(1)} voxels was found, but ${(100 * (1 - open)).toFixed(0)} % of its inside is air or within two voxels of it: pores, not a medium`;
  }
  const share = mediumShare(smooth, wall, air);
  if (share < LEAST_MEDIUM) {
    return `A straight outline of radius ${prism.radius.toFixed(1)} voxels was found, but only ${(100 * share).toFixed(0)} % of its inside is near its commonest grey level: a specimen, not a medium`;
  }
  const { centreY, centreX, radius } = prism;
  const [, y, x] = level.shape;
  const at = `around (y, x) = (${middle(centreY, level.shape).toFixed(1)}, ${middle(centreX, level.shape).toFixed(1)}) of ${y} x ${x} voxels, seen in ${prism.slices.length} of ${level.shape[0]} slices; medium within ${wall.section.radius.toFixed(1)}`;
  if (rectangle === undefined) {
    return { kind: "tube", reason: `Round tube of radius ${radius.toFixed(1)} ${at}`, wall, air };
  }
  const { halfU, halfV, angle, corner } = rectangle.section;
  const reason = `Square tube of ${(2 * halfU).toFixed(1)} x ${(2 * halfV).toFixed(1)} voxels, turned by ${((180 * angle) / Math.PI).toFixed(0)} degrees, corners rounded by ${corner.toFixed(1)}, ${at}`;
  return { kind: "box", reason, wall, air };
}

const LEAST_ROUND = 0.93;

/** Where a search for the inner face that compares with all of the medium gives up, less a voxel. */
const FARTHEST = 0.76;

/** Thinnest inside, over the outer radius: below it no medium was found. */
const LEAST_INSIDE = 0.62;

/** Of the inside, near one grey level. Hard scans have 70 % or more, with specimen, plug and cap. */
const LEAST_MEDIUM = 0.55;

function middle(line: Line, [z]: Zyx): number {
  return onLine(line, (z - 1) / 2);
}

function roundWall(
  level: Grid,
  solid: Mask,
  { centreY, centreX, radius }: PrismFit,
  air: number,
): Wall {
  const search: InnerFaceSearch = {
    ...{ centreY, centreX, radius, from: radius, gauge: Math.hypot },
    contrast: (medium) => Math.abs(medium - air),
  };
  const { at: far } = findInnerFace(level, solid, search);
  // Where no medium begins as even as all of it, a beam profile makes it uneven.
  const at =
    far < FARTHEST * radius ? findInnerFace(level, solid, { ...search, nearby: true }).at : far;
  return { centreY, centreX, outerRadius: radius, section: { shape: "circle", radius: at } };
}

function squareWall(
  level: Grid,
  solid: Mask,
  { centreY, centreX }: PrismFit,
  { section }: RectangleFit,
  air: number,
): Wall {
  const { radius } = section;
  const face = findInnerFace(level, solid, {
    ...{ centreY, centreX, radius, from: radius, gauge: createGauge(section) },
    contrast: (medium) => Math.abs(medium - air),
    nearby: true,
  });
  const by = radius - face.at;
  const sharp = insetRectangle(section, by, 0);
  const corner = findInnerCorner(level, solid, centreY, centreX, sharp, face);
  return {
    ...{ centreY, centreX, outerRadius: radius },
    section: insetRectangle(section, by, Math.max(corner, section.corner - by)),
  };
}

/** The rectangle of the mean outline, or why it is none. */
function rectangleOf({ shape: [, y, x], data }: Mask, prism: PrismFit): RectangleFit | string {
  const { slices, centreY, centreX } = prism;
  const share = new Float32Array(y * x);
  const [midY, midX] = [Math.round((y - 1) / 2), Math.round((x - 1) / 2)];
  for (const { z: k } of slices) {
    const shiftY = Math.round(onLine(centreY, k)) - midY;
    const shiftX = Math.round(onLine(centreX, k)) - midX;
    for (let j = Math.max(0, -shiftY); j < Math.min(y, y - shiftY); j++) {
      for (let l = Math.max(0, -shiftX); l < Math.min(x, x - shiftX); l++) {
        share[j * x + l]! += data[(k * y + j + shiftY) * x + l + shiftX]! / slices.length;
      }
    }
  }
  const outline = Uint8Array.from(share, (s) => (s > 0.5 ? 1 : 0));
  let [area, sumY, sumX, unsteady, border] = [0, 0, 0, 0, 0];
  for (let i = 0; i < share.length; i++) {
    if (share[i]! > 0.15 && share[i]! < 0.85) unsteady++;
    if (outline[i] === 0) continue;
    const [row, column] = [Math.floor(i / x), i % x];
    area++;
    sumY += row;
    sumX += column;
    if (row === 0 || column === 0 || row === y - 1 || column === x - 1) border++;
  }
  if (unsteady > 0.08 * area) {
    return `nor does it stay the same along z: ${((100 * unsteady) / area).toFixed(0)} % of it come and go`;
  }
  if (border > 0.05 * 2 * (x + y)) return "and it reaches the border of the volume";
  const fit = fitRectangle(outline, x, [sumY / area, sumX / area]);
  const { halfU, halfV, corner, radius } = fit.section;
  if (fit.overlap < 0.95 || corner > 0.6 * radius || Math.max(halfU, halfV) > 3 * radius) {
    return `nor square: it shares ${(100 * fit.overlap).toFixed(0)} % with the best rectangle, a square tube 95 % or more with corners rounded by less than 60 %`;
  }
  return fit;
}

function everySecond({ shape: [z, y, x], data }: Grid<Float32Array>): Float32Array {
  const out: number[] = [];
  for (let k = 0; k < z; k += 2) {
    for (let j = 0; j < y; j += 2) {
      for (let l = 0; l < x; l += 2) out.push(data[(k * y + j) * x + l]!);
    }
  }
  return Float32Array.from(out);
}
