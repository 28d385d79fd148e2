import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import { type Downsampling, pyramidShapes } from "../../domain/volumes/pyramid.ts";
import { type Dtype, voxelCount, type VoxelArray, type Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { createLevelWriter, type LevelWriter } from "./level-writer.ts";
import { planLevel } from "./level-plan.ts";
import { createSpareMemory } from "./spare-memory.ts";
import { voxelThreads } from "./voxel-threads.ts";
import type { PlaneSink } from "./write-planes.ts";

export interface WrittenLevels {
  /** Of every level written, the finest first. */
  readonly shapes: readonly Zyx[];
  /** The objects of each of them, its `zarr.json` last. */
  readonly levels: readonly (readonly Output[])[];
}

export interface PyramidWriter extends PlaneSink<WrittenLevels> {
  /** Add the next plane, `[y, x]`. Its memory is the caller's again when the promise resolves. */
  writePlane(plane: VoxelArray): Promise<void>;
  /** Memory where plane `z` may be put before it is written, which saves a copy; undefined where there is none now. */
  place(z: number): Uint8Array | undefined;
  /** Write what is left; `CorruptData` when planes are missing. */
  close(): Promise<WrittenLevels>;
}

/**
 * Write a volume plane by plane, in the order of z, with all its coarser levels: every voxel comes
 * by once, and every level is written once.
 *
 * Memory: one or two rows of chunks of every level, 512 MiB at most for the finest and a quarter of
 * it for each next one, and a few shards.
 *
 * @param prefix where the volume goes, such as `volumes/<digest>.zarr`
 * @param options.first number of the finest level that is written: `shape` is its shape
 * @param options.mode how levels are made of each other; undefined: the finest alone
 */
export function createPyramidWriter(
  store: ObjectStore,
  prefix: string,
  options: {
    readonly shape: Zyx;
    readonly dtype: Dtype;
    readonly mode: Downsampling | undefined;
    readonly first?: number;
    readonly signal?: AbortSignal | undefined;
  },
): PyramidWriter {
  const { shape, dtype, mode, first = 0, signal } = options;
  const shapes = mode === undefined ? [shape] : pyramidShapes(shape);
  const plans = shapes.map((shape, k) => planLevel(shape, dtype, k > 0));
  const reserve = plans.reduce((sum, { bytes }) => sum + bytes, 0);
  const threads = voxelThreads(voxelCount(shape) * bytesPerVoxel(dtype), reserve);
  const spare = createSpareMemory((bytes) => threads.memory(bytes));
  const writers: LevelWriter[] = [];
  for (let k = shapes.length - 1; k >= 0; k--) {
    const level = writers[0];
    const next = level === undefined || mode === undefined ? undefined : { level, mode };
    const place = `${prefix}/${first + k}`;
    const options = { plan: plans[k]!, threads, spare, signal, next };
    writers.unshift(createLevelWriter(store, place, options));
  }
  return {
    writePlane: (plane) => writers[0]!.writePlane(plane),
    place: (z) => writers[0]!.place(z),
    async close() {
      const levels: (readonly Output[])[] = [];
      // A level has got all its planes when the finer one is done.
      for (const writer of writers) levels.push(await writer.close());
      return { shapes, levels };
    },
    async settle() {
      for (const writer of writers) await writer.settle();
      threads.release();
    },
  };
}
