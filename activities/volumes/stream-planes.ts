import { fullBox } from "../../domain/volumes/box.ts";
import type { Box, VoxelArray } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { openLevel } from "./open-level.ts";
import { checkBox, readFrom, type ReadOptions } from "./read-box.ts";

/**
 * The planes of a level (or of a box in it) in the order of z, each `[y, x]`. One row of chunks is
 * in memory at a time; a plane is a view into it and stays valid.
 */
export async function* streamPlanes(
  store: ObjectStore,
  prefix: string,
  level: number,
  box?: Box,
  options: ReadOptions = {},
): AsyncGenerator<VoxelArray, void, undefined> {
  const opened = await openLevel(store, prefix, level);
  const path = `${prefix}/${level}`;
  const [[z0, z1], y, x] = box ?? fullBox(opened.shape);
  checkBox([[z0, z1], y, x], opened.shape, path);
  const area = (y[1] - y[0]) * (x[1] - x[0]);
  for (let lo = z0; lo < z1;) {
    options.signal?.throwIfAborted();
    const hi = Math.min(z1, (Math.floor(lo / opened.chunk[0]) + 1) * opened.chunk[0]);
    const { data } = await readFrom(opened, path, [[lo, hi], y, x], options);
    for (let at = 0; at < data.length; at += area) yield data.subarray(at, at + area);
    lo = hi;
  }
}
