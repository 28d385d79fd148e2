import { CorruptData, InvalidInput } from "../../domain/errors.ts";
import { boxShape, fullBox, mapAxes } from "../../domain/volumes/box.ts";
import { bytesPerVoxel, viewVoxels } from "../../domain/volumes/dtype.ts";
import {
  AXIS_NAMES,
  type Box,
  type Grid,
  voxelCount,
  type VoxelArray,
  type Zyx,
} from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { inParallel } from "./in-parallel.ts";
import { type Level, openLevel, reading } from "./open-level.ts";
import { cells, readShards } from "./read-shards.ts";
import { type VoxelThreads, voxelThreads } from "./voxel-threads.ts";
import type { Slab } from "./slab.ts";
import { regionBytes } from "./voxel-memory.ts";

/** Chunks that zarrita fetches and decompresses at once. */
const WIDTH = 8;

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The voxels of a box, given in voxels of that level. `InvalidInput` when it leaves the volume. */
export async function readBox(
  store: ObjectStore,
  prefix: string,
  level: number,
  box: Box,
  options: ReadOptions = {},
): Promise<Grid> {
  return readFrom(await openLevel(store, prefix, level), box, options);
}

/** A whole level. All of it in memory: for coarse levels and small volumes. */
export async function readLevel(
  store: ObjectStore,
  prefix: string,
  level: number,
  options: ReadOptions = {},
): Promise<Grid> {
  const opened = await openLevel(store, prefix, level);
  return readFrom(opened, fullBox(opened.shape), options);
}

/** The same for a level that is open already. */
export async function readFrom(level: Level, box: Box, options: ReadOptions): Promise<Grid> {
  checkBox(box, level.shape, level.path);
  const shape = boxShape(box);
  const threads = voxelThreads(voxelCount(shape) * bytesPerVoxel(level.dtype));
  const slab = threads.allocate(shape, level.dtype);
  await readInto(level, box, slab, threads, options);
  const data = viewVoxels(level.dtype, regionBytes(slab));
  // Not every API takes shared memory, and whoever gets a grid need not know.
  return { shape, data: slab.buffer instanceof ArrayBuffer ? data : data.slice() };
}

/** The same into memory that is there already and zero. The box is not checked. */
export async function readInto(
  { store, path, array, chunk, layout }: Level,
  box: Box,
  slab: Slab,
  threads: VoxelThreads,
  { signal }: ReadOptions,
): Promise<void> {
  if (layout !== undefined) return readShards(store, path, layout, box, slab, threads, signal);
  const data = viewVoxels(slab.dtype, regionBytes(slab));
  const whole = voxelCount(chunk);
  await inParallel(cells(box, chunk), WIDTH, async (index) => {
    signal?.throwIfAborted();
    const part = await reading(path, () => array.getChunk([...index], signal && { signal }));
    if (part.data.length !== whole) {
      throw new CorruptData(`${path}: chunk ${index} has ${part.data.length} voxels, not ${whole}`);
    }
    copyPart(part.data, part.stride as [number, number, number], index, chunk, box, data);
  });
}

/** Copy what a chunk and a box share. Rows are short: a loop is faster than a view per row. */
function copyPart(
  from: VoxelArray,
  [sz, sy, sx]: Zyx,
  index: Zyx,
  chunk: Zyx,
  box: Box,
  to: VoxelArray,
): void {
  const shared = mapAxes((axis) => [
    Math.max(box[axis][0], index[axis] * chunk[axis]),
    Math.min(box[axis][1], (index[axis] + 1) * chunk[axis]),
  ]);
  const [[z0, z1], [y0, y1], [x0, x1]] = shared;
  const [, ny, nx] = boxShape(box);
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      let at =
        (z - index[0] * chunk[0]) * sz +
        (y - index[1] * chunk[1]) * sy +
        (x0 - index[2] * chunk[2]) * sx;
      let out = ((z - box[0][0]) * ny + y - box[1][0]) * nx + x0 - box[2][0];
      for (let x = x0; x < x1; x++, at += sx) to[out++] = from[at]!;
    }
  }
}

/** `InvalidInput` unless the box has whole, ascending ends inside the shape. */
export function checkBox(box: Box, shape: Zyx, path: string): void {
  for (const [axis, [lo, hi]] of box.entries()) {
    const end = shape[axis]!;
    if (Number.isInteger(lo) && Number.isInteger(hi) && 0 <= lo && lo < hi && hi <= end) continue;
    throw new InvalidInput(
      `${path}: expected ${AXIS_NAMES[axis]} of the box within [0, ${end}], got [${lo}, ${hi}]`,
    );
  }
}
