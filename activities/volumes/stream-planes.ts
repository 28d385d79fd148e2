import { boxShape, fullBox } from "../../domain/volumes/box.ts";
import { bytesPerVoxel, viewVoxels } from "../../domain/volumes/dtype.ts";
import { type Box, voxelCount, type VoxelArray, type Zyx } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { openLevel } from "./open-level.ts";
import { checkBox, readInto, type ReadOptions } from "./read-box.ts";
import type { Slab } from "./slab.ts";
import { regionBytes } from "./voxel-memory.ts";
import { voxelThreads } from "./voxel-threads.ts";

/** The next row of chunks is read ahead where two of them fit. */
const MAX_BUFFER_BYTES = 512 * 1024 * 1024;

/**
 * The planes of a level (or of a box in it) in the order of z, each `[y, x]` and the caller's own. One
 * or two rows of chunks are in memory.
 */
export async function* streamPlanes(
  ...args: Parameters<typeof streamViews>
): AsyncGenerator<VoxelArray, void, undefined> {
  for await (const view of streamViews(...args)) yield view.slice();
}

/** The same without a copy: a plane is a view, of memory that threads share, until the next is asked for. */
export async function* streamViews(
  store: ObjectStore,
  prefix: string,
  level: number,
  box?: Box,
  options: ReadOptions = {},
): AsyncGenerator<VoxelArray, void, undefined> {
  const opened = await openLevel(store, prefix, level);
  const [z, y, x] = box ?? fullBox(opened.shape);
  checkBox([z, y, x], opened.shape, opened.path);
  const [, ny, nx] = boxShape([z, y, x]);
  const shape: Zyx = [Math.min(opened.chunk[0], z[1] - z[0]), ny, nx];
  const bytes = voxelCount(shape) * bytesPerVoxel(opened.dtype);
  const threads = voxelThreads(((z[1] - z[0]) / shape[0]) * bytes);
  const slabs = Array.from({ length: 2 * bytes <= MAX_BUFFER_BYTES ? 2 : 1 }, () =>
    threads.allocate(shape, opened.dtype),
  );
  const rows = rowsOf(z, opened.chunk[0]);

  async function read(row: number): Promise<Slab> {
    options.signal?.throwIfAborted();
    const slab = slabs[row % slabs.length]!;
    regionBytes(slab).fill(0);
    await readInto(opened, [rows[row]!, y, x], slab, threads, options);
    return slab;
  }

  let coming = guard(read(0));
  for (const [row, [lo, hi]] of rows.entries()) {
    const slab = await coming;
    const ahead = slabs.length > 1 && row + 1 < rows.length;
    if (ahead) coming = guard(read(row + 1));
    const data = viewVoxels(opened.dtype, regionBytes(slab));
    for (let i = 0; i < hi - lo; i++) yield data.subarray(i * ny * nx, (i + 1) * ny * nx);
    if (!ahead && row + 1 < rows.length) coming = guard(read(row + 1));
  }
}

/** Intervals of z, each within a row of chunks. */
function rowsOf([z0, z1]: Box[0], depth: number): Box[0][] {
  const rows: Box[0][] = [];
  for (let lo = z0; lo < z1;) {
    const hi = Math.min(z1, (Math.floor(lo / depth) + 1) * depth);
    rows.push([lo, hi]);
    lo = hi;
  }
  return rows;
}

/** What is read ahead may fail before somebody waits for it. */
function guard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
