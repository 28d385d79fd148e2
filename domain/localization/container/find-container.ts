import type { Grid } from "../../volumes/shape.ts";
import { axialSlabs } from "./axial-slabs.ts";
import type { Slabs } from "./axial-slabs.ts";
import type { Container, Wall } from "./container.ts";
import { describeRing } from "./describe-ring.ts";
import { findBed } from "./find-bed.ts";
import { findField } from "./find-field.ts";
import { findOutline } from "./find-outline.ts";
import { followRings } from "./follow-rings.ts";
import { insetRectangle } from "./section.ts";
import { surroundings } from "./surroundings.ts";
import { wallOfRing } from "./wall-of-ring.ts";

/**
 * Look for what holds the specimen: an outline in air, walls within it or without any air around,
 * the round field of view of a reconstruction, a bed.
 *
 * Everything must look the same all along z. When anything does not hold, the answer is `none`,
 * in words: masking the wrong thing would cut the specimen. `smooth` is the level blurred by 1.5
 * voxels.
 */
export function findContainer(level: Grid, smooth: Grid<Float32Array>): Container {
  const slabs = axialSlabs(level);
  const found = findWalls(level, smooth, slabs);
  if (!slabs) return found;
  const bed = findBed(slabs, found.kind === "none" ? undefined : found.wall);
  if (typeof bed === "string") return found;
  const reason = `${bed.reason} (walls: ${found.reason})`;
  return found.kind === "none"
    ? { kind: "bed", reason, dry: true, bed }
    : { ...found, reason: `${found.reason}; ${bed.reason}`, bed };
}

function findWalls(level: Grid, smooth: Grid<Float32Array>, slabs: Slabs | undefined): Container {
  const field = findField(level);
  const outline = findOutline(level, smooth);
  const isWall =
    typeof outline !== "string" && !(field && outline.wall.outerRadius > field.outerRadius - 2.5);
  if (isWall) {
    const { wall, air } = outline;
    const least = 0.4 * wall.section.radius;
    const largest = 0.95 * wall.outerRadius;
    const { ring, why } = followRings(slabs, { least, largest, within: widen(wall) });
    if (ring === undefined) {
      return {
        ...outline,
        reason: `${outline.reason}; no wall was found within it (${why})`,
        dry: false,
      };
    }
    const reason = `${outline.reason}; within it ${describeRing(ring)}`;
    return { kind: "nested", reason, wall: wallOfRing(level, ring), air, dry: false };
  }
  const least = 0.25 * Math.min(level.shape[1], level.shape[2]);
  const { ring, count, why } = followRings(slabs, { least, ...(field && { within: field }) });
  if (ring !== undefined) {
    const wall = wallOfRing(level, ring);
    const one = ring.arc > 355 ? "tube" : "partial";
    const walls = count > 1 ? `${count} walls within each other; innermost ` : "";
    return {
      kind: count > 1 ? "nested" : one,
      reason: `${walls}${describeRing(ring)}`,
      wall,
      ...surroundings(level, smooth, wall, ring),
    };
  }
  const because = `${typeof outline === "string" ? outline : "The outline is that of the field of view"}. ${why}`;
  if (field === undefined) return { kind: "none", reason: because };
  const reason = `A round field of view of radius ${field.outerRadius.toFixed(1)} voxels, its corners empty; no container: ${because}`;
  return { kind: "field", reason, wall: field, dry: true };
}

/** From the inner face to just within the outer one. */
function widen(wall: Wall): Wall {
  const { section, outerRadius } = wall;
  const by = section.radius - outerRadius + 2;
  return {
    ...wall,
    section:
      section.shape === "circle"
        ? { shape: "circle", radius: section.radius - by }
        : insetRectangle(section, by, Math.max(0, section.corner - by)),
  };
}
