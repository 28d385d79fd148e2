import type { Edge, Polar } from "./polar.ts";

/** How much of a circle is an edge. */
export interface Coverage {
  /** Cells that see the circle. */
  readonly visible: number;
  /** Share of them with an edge there, 0 to 1. */
  readonly share: number;
  /** Slabs that see it, and those in which 60 % of it are an edge. */
  readonly slabs: number;
  readonly slabsFound: number;
  readonly edges: readonly Edge[];
}

/**
 * The edges of one sign within `reach` voxels of a radius, one per cell: the nearest.
 *
 * @param sectors - cells per slab
 */
export function coverageAt(
  polar: Polar,
  edges: readonly Edge[],
  radius: number,
  sign: 1 | -1,
  reach: number,
  sectors: number,
): Coverage {
  const nearest = new Map<number, Edge>();
  for (const edge of edges) {
    const off = Math.abs(edge.radius - radius);
    if (edge.sign !== sign || off > reach) continue;
    const other = nearest.get(edge.cell);
    if (!other || Math.abs(other.radius - radius) > off) nearest.set(edge.cell, edge);
  }
  const seen = new Uint32Array(Math.ceil(polar.cells / sectors));
  const found = new Uint32Array(seen.length);
  let visible = 0;
  const outer = Math.ceil(radius + reach) + 1;
  for (let cell = 0; cell < polar.cells; cell++) {
    const inView = outer < polar.radii && !Number.isNaN(polar.values[cell * polar.radii + outer]!);
    if (!inView) {
      nearest.delete(cell);
      continue;
    }
    visible++;
    const slab = Math.floor(cell / sectors);
    seen[slab]!++;
    if (nearest.has(cell)) found[slab]!++;
  }
  return {
    visible,
    share: visible === 0 ? 0 : nearest.size / visible,
    slabs: seen.filter((n) => n > 0).length,
    slabsFound: found.filter((n, slab) => n > 0 && n >= 0.6 * seen[slab]!).length,
    edges: [...nearest.values()],
  };
}
