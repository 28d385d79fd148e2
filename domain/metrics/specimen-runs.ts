import type { Box, Zyx } from "../volumes/shape.ts";

/**
 * The voxels of a specimen as runs along x: small where a mask is large, and quick to count in any
 * box.
 */
export interface SpecimenRuns {
  readonly shape: Zyx;
  /** All voxels of the specimen. */
  readonly voxels: number;
  /** Row (z · Y + y), first x, and the x after the last, run after run. */
  readonly runs: Int32Array;
}

/** Runs of the specimen's voxels (those that are not 0) in planes `[y, x]`, in the order of z. */
export function specimenRuns(planes: Iterable<ArrayLike<number>>, shape: Zyx): SpecimenRuns {
  const collector = createRunCollector(shape);
  for (const plane of planes) collector.add(plane);
  return collector.finish();
}

/** The same for planes that come one by one. */
export function createRunCollector(shape: Zyx) {
  const [, height, width] = shape;
  const runs: number[] = [];
  let row = 0;
  let voxels = 0;
  return {
    add(plane: ArrayLike<number>): void {
      for (let y = 0, at = 0; y < height; y++, row++, at += width) {
        for (let x = 0; x < width; x++) {
          if (plane[at + x] === 0) continue;
          const first = x;
          while (x < width && plane[at + x] !== 0) x++;
          runs.push(row, first, x);
          voxels += x - first;
        }
      }
    },
    finish: (): SpecimenRuns => ({ shape, voxels, runs: Int32Array.from(runs) }),
  };
}

/** Share of the specimen's voxels outside a box, 0 to 1: what a crop would lose; 0 of none. */
export function lostOutside({ shape, voxels, runs }: SpecimenRuns, box: Box): number {
  const [[z0, z1], [y0, y1], [x0, x1]] = box;
  let inside = 0;
  for (let i = 0; i < runs.length; i += 3) {
    const z = Math.floor(runs[i]! / shape[1]);
    const y = runs[i]! - z * shape[1];
    if (z < z0 || z >= z1 || y < y0 || y >= y1) continue;
    inside += Math.max(0, Math.min(runs[i + 2]!, x1) - Math.max(runs[i + 1]!, x0));
  }
  return voxels === 0 ? 0 : 1 - inside / voxels;
}
