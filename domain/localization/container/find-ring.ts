import { median, robustSd } from "../../volumes/median.ts";
import type { Slabs } from "./axial-slabs.ts";
import { centreVotes } from "./centre-votes.ts";
import type { Wall } from "./container.ts";
import { coverageAt } from "./coverage.ts";
import { fitCylinder } from "./fit-cylinder.ts";
import type { Cylinder } from "./fit-cylinder.ts";
import { findEdges, samplePolar, SECTORS } from "./polar.ts";
import type { Edge, Polar } from "./polar.ts";

/** A round wall along z; lengths in voxels. */
export interface Ring extends Cylinder {
  /** Inner face; `outerRadius` is the outer one. `radius` is the inner one again. */
  readonly outerRadius: number;
  /** Median grey levels within, in and beyond the wall; the last is NaN where it is not seen. */
  readonly inside: number;
  readonly wall: number;
  readonly outside: number;
  /** Share of the wall that is seen and found, 0 to 1; of slabs likewise. */
  readonly found: number;
  /** How much of the circle is within the view, in degrees. */
  readonly arc: number;
  /** Median distance of the inner face from its circle. */
  readonly off: number;
}

export interface RingLimits {
  /** Smallest inner radius that is looked for. */
  readonly least: number;
  /** Largest outer radius. @default without limit */
  readonly largest?: number;
  /** Only what is inside of this is looked at. */
  readonly within?: Wall;
}

/**
 * Look for a round wall by its two faces, with or without air around it, seen as a whole or as
 * arcs: two circles around one straight line, an edge almost everywhere and of opposite signs,
 * with something of one grey level and one thickness between them, in nearly all slabs.
 *
 * Round specimens fail at that: their outline is no circle to within a voxel, or not in most
 * slabs, or there is no second circle. Of several rings the innermost is returned; else in words
 * what was missing.
 */
export function findRing(slabs: Slabs, limits: RingLimits): Ring | string {
  let reason = "No circle is an edge along z";
  let best: Ring | undefined;
  for (const [y, x] of centreVotes(slabs, limits.least, limits.within)) {
    const start = { y: { slope: 0, intercept: y }, x: { slope: 0, intercept: x } };
    const rough = samplePolar(slabs, start.y, start.x, limits.within);
    const edges = findEdges(rough);
    for (const { radius, sign } of circlesOf(rough, edges, limits, 3, 0.45).slice(0, MOST)) {
      const cylinder = settle(slabs, { centreY: start.y, centreX: start.x, radius }, sign, limits);
      const found = cylinder && wallAround(slabs, cylinder, limits);
      if (found === undefined) continue;
      if (typeof found === "string") reason = found;
      else if (!best || found.radius < best.radius) best = found;
    }
    if (best) break;
  }
  return best ?? reason;
}

/** Circles tried per centre. */
const MOST = 4;
const LEAST_COVERAGE = 0.75;

interface Circle {
  readonly radius: number;
  readonly sign: 1 | -1;
  readonly weight: number;
}

/** Radii at which much of what is seen is an edge of one sign, those with most edges first. */
function circlesOf(
  polar: Polar,
  edges: readonly Edge[],
  { least, largest = Infinity }: RingLimits,
  reach: number,
  share: number,
): Circle[] {
  const circles: Circle[] = [];
  for (const sign of [1, -1] as const) {
    const weights: number[] = [];
    for (
      let radius = Math.floor(least);
      radius < Math.min(polar.radii - 2, largest + reach);
      radius++
    ) {
      const {
        visible,
        share: found,
        slabs,
      } = coverageAt(polar, edges, radius, sign, reach, SECTORS);
      const arc = (visible / Math.max(1, slabs)) * (360 / SECTORS);
      weights[radius] = arc >= LEAST_ARC && found >= share ? found * visible : 0;
    }
    weights.forEach((weight, radius) => {
      if (weight === 0) return;
      for (let by = 1; by <= reach; by++) {
        if ((weights[radius - by] ?? 0) >= weight || (weights[radius + by] ?? 0) > weight) return;
      }
      circles.push({ radius, sign, weight });
    });
  }
  return circles.toSorted((a, b) => b.weight - a.weight);
}

/** Degrees of a circle that must be in view. */
const LEAST_ARC = 75;

/** Move a circle to where its edges are, looking ever nearer to it. */
function settle(
  slabs: Slabs,
  start: Cylinder,
  sign: 1 | -1,
  { within }: RingLimits,
): Cylinder | undefined {
  let cylinder = start;
  for (const reach of [4, 3, 2, 1.5]) {
    const polar = samplePolar(slabs, cylinder.centreY, cylinder.centreX, within);
    const { edges } = coverageAt(polar, findEdges(polar), cylinder.radius, sign, reach, SECTORS);
    if (edges.length < 3 * slabs.middles.length) return undefined;
    cylinder = fitCylinder(polar, edges, cylinder);
  }
  return cylinder;
}

/** The innermost wall around a line, or what is missing for one. */
function wallAround(slabs: Slabs, line: Cylinder, limits: RingLimits): Ring | string {
  const polar = samplePolar(slabs, line.centreY, line.centreX, limits.within);
  const edges = findEdges(polar);
  const circles = circlesOf(polar, edges, limits, 1.5, LEAST_COVERAGE).toSorted(
    (a, b) => a.radius - b.radius,
  );
  let reason = `Edges along ${line.radius.toFixed(1)} voxels around a line, but no full circle`;
  for (const inner of circles) {
    for (const outer of circles) {
      const thickness = outer.radius - inner.radius;
      if (outer.sign === inner.sign || thickness < 1) continue;
      if (thickness > Math.max(4, 0.2 * inner.radius)) continue;
      const ring = judge(polar, edges, line, inner, outer);
      if (typeof ring !== "string") return ring;
      reason = ring;
    }
  }
  return reason;
}

function judge(
  polar: Polar,
  edges: readonly Edge[],
  line: Cylinder,
  inner: Circle,
  outer: Circle,
): Ring | string {
  const faceIn = coverageAt(polar, edges, inner.radius, inner.sign, 1.5, SECTORS);
  const faceOut = coverageAt(polar, edges, outer.radius, outer.sign, 1.5, SECTORS);
  const radius = median(faceIn.edges.map((e) => e.radius));
  const outerRadius = median(faceOut.edges.map((e) => e.radius));
  const what = `A ring of radius ${radius.toFixed(1)} voxels`;
  const found = Math.min(faceIn.share, faceOut.share);
  if (found < LEAST_COVERAGE) return `${what} has gaps: ${(100 * found).toFixed(0)} % are there`;
  const slabs = faceIn.slabsFound / Math.max(1, polar.cells / SECTORS);
  if (slabs < 0.75) return `${what} is in ${(100 * slabs).toFixed(0)} % of the slabs only`;
  const off = median(faceIn.edges.map((e) => Math.abs(e.radius - radius)));
  const offOut = median(faceOut.edges.map((e) => Math.abs(e.radius - outerRadius)));
  if (Math.max(off, offOut) > Math.max(0.35, 0.006 * radius)) {
    return `${what} is no circle: its faces are ${off.toFixed(2)} and ${offOut.toFixed(2)} voxels off in the median`;
  }
  const outside = new Map(faceOut.edges.map((e) => [e.cell, e.radius]));
  const thickness = faceIn.edges.flatMap((e) => {
    const end = outside.get(e.cell);
    return end === undefined ? [] : [end - e.radius];
  });
  if (robustSd(thickness) > Math.max(0.6, 0.15 * (outerRadius - radius))) {
    return `${what} has no even thickness: ${median(thickness).toFixed(1)} +- ${robustSd(thickness).toFixed(1)} voxels`;
  }
  const level = (r: number) => {
    const values: number[] = [];
    for (let cell = 0; cell < polar.cells; cell++) {
      const value = polar.values[cell * polar.radii + Math.round(r)];
      if (value !== undefined && !Number.isNaN(value)) values.push(value);
    }
    return values;
  };
  const inside = median(level(radius - 3));
  const within = level((radius + outerRadius) / 2);
  const wall = median(within);
  const like = within.filter((v) => (v - inside) / (wall - inside) > 0.4).length / within.length;
  if (!(like >= 0.75)) {
    return `${what} is not of one grey level: ${(100 * like).toFixed(0)} % of it are like its median`;
  }
  const arc = (faceIn.visible / Math.max(1, faceIn.slabs)) * (360 / SECTORS);
  return {
    ...{ centreY: line.centreY, centreX: line.centreX, radius, outerRadius },
    ...{ inside, wall, outside: median(level(outerRadius + 3)), found, arc, off },
  };
}
