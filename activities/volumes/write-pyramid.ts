import { createVoxels } from "../../domain/volumes/dtype.ts";
import { type Downsampling, halvePlanes, pyramidShapes } from "../../domain/volumes/pyramid.ts";
import type { Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { openLevel } from "./open-level.ts";
import { createPyramidWriter } from "./pyramid-writer.ts";
import { streamViews } from "./stream-planes.ts";
import { writePlanes } from "./write-planes.ts";

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
 * Add the coarser levels to the volume at `prefix`, whose level 0 is there: what
 * `createPyramidWriter` does in one go with the writing of level 0. Level 0 is read once.
 */
export async function writePyramid(
  store: ObjectStore,
  prefix: string,
  mode: Downsampling,
  { signal, onProgress }: LongOptions = {},
): Promise<WrittenPyramid> {
  const { shape, dtype } = await openLevel(store, prefix, 0);
  const shapes = pyramidShapes(shape);
  const [next] = shapes.slice(1);
  if (next === undefined) return { shapes, outputs: [] };
  const writer = createPyramidWriter(store, prefix, { shape: next, dtype, mode, first: 1, signal });
  const planes = streamViews(store, prefix, 0, undefined, { signal });
  const { levels } = await writePlanes(writer, halved(planes, shape, dtype, mode), (written) =>
    onProgress?.(written / next[0]),
  );
  return { shapes, outputs: levels.flat() };
}

/** Half as many planes, half as large; each is good until the next. */
async function* halved(
  planes: AsyncIterable<VoxelArray>,
  [depth, height, width]: Zyx,
  dtype: Dtype,
  mode: Downsampling,
): AsyncGenerator<VoxelArray> {
  const half = createVoxels(dtype, Math.ceil(height / 2) * Math.ceil(width / 2));
  const even = createVoxels(dtype, height * width);
  let z = 0;
  for await (const plane of planes) {
    z++;
    if (z % 2 === 1 && z < depth) {
      even.set(plane);
      continue;
    }
    const pair: [VoxelArray, VoxelArray | undefined] =
      z % 2 === 0 ? [even, plane] : [plane, undefined];
    halvePlanes(...pair, height, width, half, mode);
    yield half;
  }
}
