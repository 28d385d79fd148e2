import { CorruptData, InvalidInput } from "../../domain/errors.ts";
import { boxShape, fullBox, mapAxes } from "../../domain/volumes/box.ts";
import { createVoxels } from "../../domain/volumes/dtype.ts";
import {
  type Axis,
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

/** Chunks fetched and decompressed at once. */
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
  return readFrom(await openLevel(store, prefix, level), `${prefix}/${level}`, box, options);
}

/** A whole level. All of it in memory: for coarse levels and small volumes. */
export async function readLevel(
  store: ObjectStore,
  prefix: string,
  level: number,
  options: ReadOptions = {},
): Promise<Grid> {
  const opened = await openLevel(store, prefix, level);
  return readFrom(opened, `${prefix}/${level}`, fullBox(opened.shape), options);
}

/** The same for a level that is open already. */
export async function readFrom(
  { array, shape, dtype, chunk }: Level,
  path: string,
  box: Box,
  { signal }: ReadOptions,
): Promise<Grid> {
  checkBox(box, shape, path);
  const size = boxShape(box);
  const data = createVoxels(dtype, voxelCount(size));
  const whole = voxelCount(chunk);
  await inParallel(chunksOf(box, chunk), WIDTH, async (index) => {
    signal?.throwIfAborted();
    const part = await reading(path, () => array.getChunk([...index], signal && { signal }));
    if (part.data.length !== whole) {
      throw new CorruptData(`${path}: chunk ${index} has ${part.data.length} voxels, not ${whole}`);
    }
    copyPart(part.data, part.stride as [number, number, number], index, chunk, box, data);
  });
  return { shape: size, data };
}

/** The indices of the chunks that a box touches. */
function* chunksOf(box: Box, chunk: Zyx): Generator<Zyx> {
  const range = (axis: Axis) => {
    const [first, end] = [
      Math.floor(box[axis][0] / chunk[axis]),
      Math.ceil(box[axis][1] / chunk[axis]),
    ];
    return Array.from({ length: end - first }, (_, i) => first + i);
  };
  for (const z of range(0)) for (const y of range(1)) for (const x of range(2)) yield [z, y, x];
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
