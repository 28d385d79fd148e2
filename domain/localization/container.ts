import { fillHoles } from "../volumes/fill-holes.ts";
import { median, robustSd } from "../volumes/median.ts";
import { otsu } from "../volumes/otsu.ts";
import type { Grid, Mask, Zyx } from "../volumes/shape.ts";

/** A line `intercept + slope·z` in voxels. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** A round tube along z, full of medium, with air around it. Lengths in voxels of the level it was found in. */
export interface Tube {
  readonly kind: "tube";
  readonly reason: string;
  /** Grey level between air and what is not air, for a volume blurred by 1.5 voxels. */
  readonly air: number;
  readonly centreY: Line;
  readonly centreX: Line;
  readonly outerRadius: number;
  /** Where the wall ends and the medium begins. */
  readonly innerRadius: number;
}

/** No container that could be masked; `reason` says what was looked for and not found. */
export interface NoContainer {
  readonly kind: "none";
  readonly reason: string;
}

export type Container = Tube | NoContainer;

/**
 * Look for a round tube with air around it.
 *
 * It must show as discs of one radius along a straight line through most slices, mostly full. When
 * anything of that does not hold, the answer is `none`, in words: masking the wrong thing would cut
 * the specimen. `smooth` is the level blurred by 1.5 voxels.
 */
export function findContainer(level: Grid, smooth: Grid<Float32Array>): Container {
  const [, y, x] = level.shape;
  const sample = everySecond(smooth);
  // Where the medium is close to the air and something bright is there, the upper of two classes
  // is only the bright part; the lower of three thresholds then separates air.
  const thresholds = [otsu(sample, 2, 128).thresholds[0], otsu(sample, 3, 128).thresholds[0]];
  let reason = "The volume is constant";
  for (const air of thresholds) {
    if (air === undefined) continue;
    const filled = Uint8Array.from(smooth.data, (v) => (v > air ? 1 : 0));
    const solid: Mask = { shape: level.shape, data: filled };
    const found = fitTube(solid);
    if (typeof found === "string") {
      reason = found;
      continue;
    }
    const { radius, centreY, centreX } = found;
    const inner = findInnerRadius(level, solid, found, air);
    const at = `(${middle(centreY, level.shape).toFixed(1)}, ${middle(centreX, level.shape).toFixed(1)})`;
    return {
      kind: "tube",
      reason: `Round tube of radius ${radius.toFixed(1)} around (y, x) = ${at} of ${y} x ${x} voxels, seen in ${found.slices} of ${level.shape[0]} slices; medium within ${inner.toFixed(1)}`,
      air,
      centreY,
      centreX,
      outerRadius: radius,
      innerRadius: inner,
    };
  }
  return { kind: "none", reason };
}

/** Position of the line at `z`. */
export function onLine(line: Line, z: number): number {
  return line.intercept + line.slope * z;
}

function middle(line: Line, [z]: Zyx): number {
  return onLine(line, (z - 1) / 2);
}

interface Fit {
  readonly centreY: Line;
  readonly centreX: Line;
  readonly radius: number;
  readonly slices: number;
}

/** Straight stack of equal discs in the filled slices, or why there is none. */
function fitTube(solid: Mask): Fit | string {
  const [z, y, x] = solid.shape;
  const discs = discsOf(fillHoles(solid));
  const large = discs.filter((d) => d.area >= 0.15 * y * x);
  if (large.length < 0.6 * z) {
    return `Something larger than 15 % of the slice is in ${large.length} of ${z} slices only; a tube would be in 60 % or more`;
  }
  const typical = median(large.map((d) => d.radius));
  const tolerance = Math.max(2, 0.03 * typical);
  const equal = large.filter((d) => Math.abs(d.radius - typical) < tolerance);
  if (equal.length < 0.6 * z) {
    return `The outline changes size along z: only ${equal.length} of ${z} slices have the radius ${typical.toFixed(1)} +- ${tolerance.toFixed(1)} voxels`;
  }
  const round = median(equal.map((d) => d.roundness));
  if (round < 0.93) {
    return `The outline is not round: it shares ${(100 * round).toFixed(0)} % with the disc of equal area, a tube 93 % or more`;
  }
  const centreY = fitLine(equal.map((d) => [d.z, d.y]));
  const centreX = fitLine(equal.map((d) => [d.z, d.x]));
  const off = median(
    equal.map((d) => Math.hypot(d.y - onLine(centreY, d.z), d.x - onLine(centreX, d.z))),
  );
  if (off > tolerance) {
    return `The outline's centre does not follow a straight line along z: it is ${off.toFixed(1)} voxels off in the median`;
  }
  const full = fullness(solid, equal, 0.85 * typical);
  if (full < 0.5) {
    return `A round outline of radius ${typical.toFixed(1)} voxels was found, but ${(100 * (1 - full)).toFixed(0)} % of its inside is as dark as the air around it: no medium to compare with`;
  }
  return { centreY, centreX, radius: typical, slices: equal.length };
}

interface Disc {
  readonly z: number;
  readonly y: number;
  readonly x: number;
  readonly area: number;
  /** Of the disc with the same area. */
  readonly radius: number;
  /** Intersection over union with that disc, 0 to 1. */
  readonly roundness: number;
}

function discsOf({ shape: [z, y, x], data }: Mask): Disc[] {
  const discs: Disc[] = [];
  for (let k = 0; k < z; k++) {
    let [area, sumY, sumX] = [0, 0, 0];
    for (let j = 0, i = k * y * x; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if (data[i] === 0) continue;
        area++;
        sumY += j;
        sumX += l;
      }
    }
    if (area === 0) continue;
    const [cy, cx, radius] = [sumY / area, sumX / area, Math.sqrt(area / Math.PI)];
    let [shared, disc] = [0, 0];
    for (let j = 0, i = k * y * x; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if ((j - cy) ** 2 + (l - cx) ** 2 >= radius * radius) continue;
        disc++;
        shared += data[i]!;
      }
    }
    discs.push({ z: k, y: cy, x: cx, area, radius, roundness: shared / (disc + area - shared) });
  }
  return discs;
}

/** How much of the discs' inside, up to `radius`, is not air. */
function fullness({ shape: [, y, x], data }: Mask, discs: readonly Disc[], radius: number): number {
  let [inside, full] = [0, 0];
  for (const disc of discs) {
    for (let j = 0, i = disc.z * y * x; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if ((j - disc.y) ** 2 + (l - disc.x) ** 2 >= radius * radius) continue;
        inside++;
        full += data[i]!;
      }
    }
  }
  return inside === 0 ? 0 : full / inside;
}

/** Walk inwards from the rim while the median grey level there differs from the plateau's. */
function findInnerRadius(level: Grid, solid: Mask, { centreY, centreX, radius }: Fit, air: number) {
  const profile = radialMedians(level, solid, centreY, centreX, Math.floor(radius) + 2);
  const plateau = profile.slice(Math.floor(0.5 * radius), Math.floor(0.8 * radius));
  const medium = median(plateau);
  // The floor keeps a plateau that is smooth by luck from turning noise into wall; as measured it
  // was .6 grey levels where medium and air are about 75 apart.
  const sd = robustSd(plateau, medium) + 0.008 * Math.abs(medium - air);
  let r = Math.floor(radius) - 1;
  while (r > 0.75 * radius && !(Math.abs(profile[r]! - medium) <= 4 * sd)) r--;
  return r - 1;
}

function radialMedians(
  { shape: [z, y, x], data }: Grid,
  solid: Mask,
  centreY: Line,
  centreX: Line,
  count: number,
): number[] {
  const rings: number[][] = Array.from({ length: count }, () => []);
  for (let k = 0, i = 0; k < z; k++) {
    const [cy, cx] = [onLine(centreY, k), onLine(centreX, k)];
    for (let j = 0; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if (solid.data[i] === 0) continue;
        const r = Math.floor(Math.hypot(j - cy, l - cx));
        if (r < count) rings[r]!.push(data[i]!);
      }
    }
  }
  return rings.map((ring) => median(ring));
}

function fitLine(points: readonly (readonly [z: number, value: number])[]): Line {
  const n = points.length;
  const meanZ = points.reduce((sum, [z]) => sum + z, 0) / n;
  const meanV = points.reduce((sum, [, v]) => sum + v, 0) / n;
  const spread = points.reduce((sum, [z]) => sum + (z - meanZ) ** 2, 0);
  const joint = points.reduce((sum, [z, v]) => sum + (z - meanZ) * (v - meanV), 0);
  const slope = spread === 0 ? 0 : joint / spread;
  return { slope, intercept: meanV - slope * meanZ };
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
