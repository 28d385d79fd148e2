import * as zarr from "zarrita";
import { InvalidInput } from "../../domain/errors.ts";
import { boxShape, fullBox } from "../../domain/volumes/box.ts";
import type { Box, Grid, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import { AXIS_NAMES } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { createChunkQueue } from "./limit.ts";
import { type Level, openLevel, reading } from "./open-level.ts";

/** Chunks fetched and decompressed at once. */
const WIDTH = 8;

export interface ReadOptions {
  readonly signal?: AbortSignal;
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
  { array, shape }: Level,
  path: string,
  box: Box,
  { signal }: ReadOptions,
): Promise<Grid> {
  checkBox(box, shape, path);
  const selection = box.map(([lo, hi]) => zarr.slice(lo, hi));
  const { data } = await reading(path, () =>
    zarr.get(array, selection, {
      createQueue: () => createChunkQueue(WIDTH),
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  return { shape: boxShape(box), data: data as VoxelArray };
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
