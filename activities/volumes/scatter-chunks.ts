import type { Zyx } from "../../domain/volumes/shape.ts";
import { type Bits, bitsOf, type Part } from "./bits.ts";
import type { VoxelKernels } from "./kernels/voxel-kernels.ts";

/** Voxels that the kernels take at a time; they write up to one less than that too many. */
const WIDTH = 16;

/** Parts of chunks that lie side by side along x, on their way into a grid. */
export interface Run {
  /** Planes and rows of every part. */
  readonly size: readonly [z: number, y: number];
  /** Voxels of all parts together along x. */
  readonly width: number;
  readonly bytesEach: number;
}

const pitchOf = ({ width, bytesEach }: Run) => (Math.ceil(width / WIDTH) + 1) * WIDTH * bytesEach;

/** Bytes of the kernels' memory that a run takes. */
export function runMemory(run: Run): number {
  return run.size[0] * run.size[1] * pitchOf(run);
}

/**
 * Put a part of a chunk into a run. From the first to the last: each spoils what comes behind it.
 *
 * @param chunk address of the chunk's bytes, followed by `WIDTH` voxels of anything
 * @param shuffled whether all first bytes come first, then all second ones, …
 * @param layer address of the run, `runMemory` bytes
 * @param x where the part begins in the run
 */
export function addToRun(
  kernels: VoxelKernels,
  run: Run,
  layer: number,
  x: number,
  chunk: number,
  shuffled: boolean,
  shape: Zyx,
  { start, size }: Part,
): void {
  const { bytesEach } = run;
  const pitch = pitchOf(run);
  const apart = shape[0] * shape[1] * shape[2];
  const { join2, join4, split1 } = kernels;
  const join = shuffled
    ? bytesEach === 2
      ? join2
      : bytesEach === 4
        ? join4
        : undefined
    : undefined;
  const bytes = Math.ceil((size[2] * bytesEach) / WIDTH) * WIDTH;
  let to = layer + x * bytesEach;
  for (let z = start[0]; z < start[0] + size[0]; z++) {
    let from = (z * shape[1] + start[1]) * shape[2] + start[2];
    for (let y = 0; y < size[1]; y++, from += shape[2], to += pitch) {
      if (join === undefined) split1(chunk + from * bytesEach, 0, 1, bytes, to, 0);
      else join(chunk + from, apart, size[2], to);
    }
  }
}

/** Copy a run into a grid. @param to where its first voxel goes, `[z, y, x]` */
export function copyRun(
  { memory }: VoxelKernels,
  run: Run,
  layer: number,
  grid: Bits,
  shape: Zyx,
  to: Zyx,
): void {
  const lines = bitsOf(memory, run.bytesEach);
  const pitch = pitchOf(run) / run.bytesEach;
  let from = layer / run.bytesEach;
  for (let z = 0; z < run.size[0]; z++) {
    let at = ((to[0] + z) * shape[1] + to[1]) * shape[2] + to[2];
    for (let y = 0; y < run.size[1]; y++, at += shape[2], from += pitch) {
      grid.set(lines.subarray(from, from + run.width), at);
    }
  }
}
