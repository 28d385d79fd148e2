import { type ArrayLayout, arrayLayout } from "../../domain/volumes/array-metadata.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import { type Dtype, voxelCount, type Zyx } from "../../domain/volumes/shape.ts";
import { threadCount } from "./voxel-threads.ts";
import { shardMemory, workMemory } from "./voxel-tasks.ts";

/** Rows of chunks that may wait for threads while the next one is filled, if they fit. */
const BUFFERS = 2;
const MAX_BUFFER_BYTES = 512 * 1024 * 1024;
/** Coarser levels get a row less often. */
const MAX_COARSE_BUFFER_BYTES = 128 * 1024 * 1024;

/** What writing a level takes. */
export interface LevelPlan {
  readonly shape: Zyx;
  readonly dtype: Dtype;
  readonly layout: ArrayLayout;
  /** A row of chunks, `[z, y, x]`. */
  readonly slab: Zyx;
  readonly slabs: number;
  /** Shards of a slab that are made at once. */
  readonly shardsAtOnce: number;
  /** Bytes of all slabs and shards there may be at a time, and of what threads work with. */
  readonly bytes: number;
}

/**
 * @param coarse its planes come out of a finer level
 * @param layout default: what `arrayLayout` says
 */
export function planLevel(
  shape: Zyx,
  dtype: Dtype,
  coarse = false,
  layout: ArrayLayout = arrayLayout(shape, dtype),
): LevelPlan {
  const slab: Zyx = [layout.chunk[0], shape[1], shape[2]];
  const slabBytes = voxelCount(slab) * bytesPerVoxel(dtype);
  const rows = Math.ceil(shape[0] / layout.chunk[0]);
  const budget = coarse ? MAX_COARSE_BUFFER_BYTES : MAX_BUFFER_BYTES;
  const slabs = Math.max(1, Math.min(BUFFERS, rows, Math.floor(budget / slabBytes)));
  const shardsAtOnce = threadCount() + 1;
  const bytes =
    slabs * (slabBytes + shardsAtOnce * shardMemory(layout, dtype)) +
    threadCount() * workMemory(layout, dtype).bytes;
  return { shape, dtype, layout, slab, slabs, shardsAtOnce, bytes };
}
