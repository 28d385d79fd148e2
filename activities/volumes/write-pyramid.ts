import { createVoxels } from "../../domain/volumes/dtype.ts";
import { type Downsampling, halvePlanes, pyramidShapes } from "../../domain/volumes/pyramid.ts";
import { voxelCount, type VoxelArray, type Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { openLevel } from "./open-level.ts";
import { streamPlanes } from "./stream-planes.ts";
import { createVolumeWriter } from "./volume-writer.ts";

export interface LongOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface WrittenPyramid {
  /** Of every level, level 0 first. */
  readonly shapes: readonly Zyx[];
  /** The objects of level 1 and up. */
  readonly outputs: readonly Output[];
}

/**
 * Add the coarser levels to the volume at `prefix`, whose level 0 is there. Streamed: each level is
 * read once, by rows of chunks.
 */
export async function writePyramid(
  store: ObjectStore,
  prefix: string,
  mode: Downsampling,
  { signal, onProgress }: LongOptions = {},
): Promise<WrittenPyramid> {
  const { shape, dtype } = await openLevel(store, prefix, 0);
  const shapes = pyramidShapes(shape);
  const outputs: Output[] = [];
  const total = shapes.slice(0, -1).reduce((sum, level) => sum + voxelCount(level), 0);
  let done = 0;
  for (const [k, next] of shapes.slice(1).entries()) {
    const [depth, y, x] = shapes[k]!;
    const writer = createVolumeWriter(store, `${prefix}/${k + 1}`, {
      shape: next,
      dtype,
      signal,
    });
    const half = createVoxels(dtype, next[1] * next[2]);
    let even: VoxelArray | undefined;
    let z = 0;
    for await (const plane of streamPlanes(store, prefix, k, undefined, { signal })) {
      if (++z % 2 === 1 && z < depth) {
        even = plane;
      } else {
        halvePlanes(even ?? plane, even && plane, y, x, half, mode);
        await writer.writePlane(half);
        even = undefined;
      }
      onProgress?.((done += y * x) / total);
    }
    outputs.push(...(await writer.close()).outputs);
  }
  return { shapes, outputs };
}
