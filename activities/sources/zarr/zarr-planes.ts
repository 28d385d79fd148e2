import * as zarr from "zarrita";
import { Capacity, CorruptData, isDomainError } from "../../../domain/errors.ts";
import { bytesPerVoxel, createVoxels } from "../../../domain/volumes/dtype.ts";
import type { VoxelArray, Zyx } from "../../../domain/volumes/shape.ts";
import { inParallel } from "../../volumes/in-parallel.ts";
import { readAhead } from "../files/files-ahead.ts";
import { checkFinite } from "../plane-checks.ts";
import type { ZarrArray } from "./zarr-array.ts";
import type { StoredChunk } from "./zarr-chunks.ts";
import { createChunkStore } from "./zarr-store.ts";

/** Planes held at once; a row of chunks that takes more is decoded several times over. */
const SLAB_BYTES = 512 * 1024 ** 2;
/** More often than this, decoding again would take longer than writing the array anew. */
const MAX_PASSES = 8;
/** Slabs up to so many bytes are read while the one before is used. */
const AHEAD_BYTES = 128 * 1024 ** 2;
/** Decoded chunks in memory at once. */
const CHUNKS = { most: 8, bytes: 256 * 1024 ** 2 };

/** Which axes of an array are z, y and x; the others have length 1. */
export type SpaceAxes = readonly [z: number, y: number, x: number];

/** How many planes are read at once, and how the array lies in them. */
export interface PlanePlan {
  readonly array: ZarrArray;
  readonly axes: SpaceAxes;
  readonly shape: Zyx;
  /** Planes per slab. */
  readonly depth: number;
}

/**
 * Plan reading an array plane by plane. `Capacity`, with the numbers, for chunks that are so deep
 * that the planes they cross do not fit into memory.
 */
export function planPlanes(array: ZarrArray, axes: SpaceAxes, subject: string): PlanePlan {
  const [z, y, x] = axes.map((axis) => array.shape[axis]!) as unknown as Zyx;
  const rows = Math.min(z, array.chunk[axes[0]]!);
  const planeBytes = y * x * bytesPerVoxel(array.dtype);
  const depth = Math.min(rows, Math.max(1, Math.floor(SLAB_BYTES / planeBytes)));
  const passes = Math.ceil(rows / depth);
  if (passes > MAX_PASSES) {
    throw new Capacity(
      `${subject} has chunks of ${rows} planes of ${y}x${x} ${array.dtype}: ${rows * planeBytes} bytes for one row of chunks, more than the ${SLAB_BYTES * MAX_PASSES} that are read; write it again with chunks of up to ${depth} planes`,
    );
  }
  return { array, axes, shape: [z, y, x], depth };
}

/** The planes, one slab after the other. A chunk that is not stored is the fill value. */
export async function* streamPlanes(
  plan: PlanePlan,
  chunks: readonly StoredChunk[],
  subject: string,
  scan: string,
  signal?: AbortSignal,
): AsyncGenerator<VoxelArray, void, undefined> {
  const { array, shape, depth } = plan;
  const reader = new zarr.Array(createChunkStore(array, subject, scan), "/", array.metadata);
  const [height, width] = [shape[1], shape[2]];
  const slabBytes = depth * height * width * bytesPerVoxel(array.dtype);
  const atOnce = slabBytes <= AHEAD_BYTES ? 2 : 1;
  let z = 0;
  for await (const planes of readAhead(slabsOf(plan), atOnce, readSlab)) {
    // Let go of each as it is passed on: a slab is large.
    for (let plane = planes.shift(); plane !== undefined; plane = planes.shift()) {
      signal?.throwIfAborted();
      z++;
      yield checkFinite(plane, width, `${subject}: plane ${z} of ${shape[0]}`);
    }
  }

  async function readSlab([z0, z1]: readonly [number, number]): Promise<VoxelArray[]> {
    const planes = Array.from({ length: z1 - z0 }, () => {
      const plane = createVoxels(array.dtype, height * width);
      return array.fill === 0 ? plane : plane.fill(array.fill);
    });
    const chunkBytes = array.chunk.reduce((a, b) => a * b, bytesPerVoxel(array.dtype));
    const workers = Math.min(CHUNKS.most, Math.max(1, Math.floor(CHUNKS.bytes / chunkBytes)));
    await inParallel(chunksIn(plan, chunks, z0, z1), workers, async ({ at, key }) => {
      signal?.throwIfAborted();
      const chunk = await decode(reader, at, `${subject}: chunk ${key}`);
      copyChunk(chunk, at, plan, planes, z0);
    });
    return planes;
  }
}

/** Slabs of planes that do not cross the border of two rows of chunks. */
function slabsOf({ array, axes, shape, depth }: PlanePlan): (readonly [number, number])[] {
  const rows = array.chunk[axes[0]]!;
  const slabs: (readonly [number, number])[] = [];
  for (let row = 0; row < shape[0]; row += rows) {
    const end = Math.min(shape[0], row + rows);
    for (let z = row; z < end; z += depth) slabs.push([z, Math.min(end, z + depth)]);
  }
  return slabs;
}

/** The chunks of the stored objects that hold voxels of planes `[z0, z1)`. */
function* chunksIn(
  { array, axes }: PlanePlan,
  objects: readonly StoredChunk[],
  z0: number,
  z1: number,
): Generator<StoredChunk, void, undefined> {
  const { chunk, stored, shape } = array;
  const perObject = stored.map((n, i) => n / chunk[i]!);
  const grid = shape.map((n, i) => Math.ceil(n / chunk[i]!));
  for (const object of objects) {
    const begin = object.at.map((n, i) => n * perObject[i]!);
    const end = begin.map((n, i) => Math.min(grid[i]!, n + perObject[i]!));
    const row = Math.floor(z0 / chunk[axes[0]]!);
    if (row < begin[axes[0]]! || row >= end[axes[0]]! || z1 <= z0) continue;
    begin[axes[0]] = row;
    end[axes[0]] = row + 1;
    for (const at of coordinates(begin, end)) yield { key: object.key, at };
  }
}

function* coordinates(begin: readonly number[], end: readonly number[]): Generator<number[]> {
  const at = [...begin];
  for (;;) {
    yield [...at];
    let axis = at.length - 1;
    while (axis >= 0 && ++at[axis]! >= end[axis]!) {
      at[axis] = begin[axis]!;
      axis--;
    }
    if (axis < 0) return;
  }
}

interface Chunk {
  readonly data: VoxelArray;
  readonly stride: readonly number[];
}

/** @param named the scan, the array and the chunk, for messages */
async function decode(
  reader: zarr.Array<ZarrArray["dtype"]>,
  at: readonly number[],
  named: string,
): Promise<Chunk> {
  const expected = reader.chunks.reduce((a, b) => a * b, 1);
  let chunk: Chunk;
  try {
    chunk = await reader.getChunk([...at]);
  } catch (error) {
    // A lost server is no damaged chunk.
    if (isDomainError(error)) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new CorruptData(`${named} [${at}] is damaged: ${(cause as Error).message}`, {
      cause: error,
    });
  }
  if (chunk.data.length === expected) return chunk;
  throw new CorruptData(
    `${named} [${at}] holds ${chunk.data.length} voxels, expected ${expected} ([${reader.chunks}])`,
  );
}

function copyChunk(
  { data, stride }: Chunk,
  at: readonly number[],
  { array, axes, shape }: PlanePlan,
  planes: readonly VoxelArray[],
  z0: number,
): void {
  const [sz, sy, sx] = axes.map((axis) => stride[axis]!) as unknown as Zyx;
  const first = axes.map((axis) => at[axis]! * array.chunk[axis]!) as unknown as Zyx;
  const size = axes.map((axis, i) =>
    Math.min(array.chunk[axis]!, shape[i]! - first[i]!),
  ) as unknown as Zyx;
  const width = shape[2];
  for (const [i, plane] of planes.entries()) {
    const z = z0 + i - first[0];
    if (z < 0 || z >= size[0]) continue;
    for (let y = 0; y < size[1]; y++) {
      const from = z * sz + y * sy;
      const to = (first[1] + y) * width + first[2];
      if (sx === 1) plane.set(data.subarray(from, from + size[2]), to);
      else for (let x = 0; x < size[2]; x++) plane[to + x] = data[from + x * sx]!;
    }
  }
}
