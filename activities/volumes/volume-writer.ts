import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import { type Dtype, voxelCount, type VoxelArray, type Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { createLevelWriter } from "./level-writer.ts";
import { planLevel } from "./level-plan.ts";
import { voxelThreads } from "./voxel-threads.ts";
import type { PlaneSink } from "./write-planes.ts";

export interface VolumeWriter extends PlaneSink<{ readonly outputs: readonly Output[] }> {
  /** Add the next plane, `[y, x]`. Its memory is the caller's again when the promise resolves. */
  writePlane(plane: VoxelArray): Promise<void>;
  /** Write what is left and the array's document; `CorruptData` when planes are missing. */
  close(): Promise<{ readonly outputs: readonly Output[] }>;
}

/**
 * Write one array plane by plane, in the order of z, without coarser levels.
 *
 * @param prefix where the array goes, such as `volumes/<digest>.zarr/0`
 */
export function createVolumeWriter(
  store: ObjectStore,
  prefix: string,
  options: {
    readonly shape: Zyx;
    readonly dtype: Dtype;
    /** Default: what `arrayLayout` says. */
    readonly layout?: ArrayLayout | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): VolumeWriter {
  const { shape, dtype, layout, signal } = options;
  const plan = planLevel(shape, dtype, false, layout);
  const threads = voxelThreads(voxelCount(shape) * bytesPerVoxel(dtype), plan.bytes);
  const writer = createLevelWriter(store, prefix, { plan, threads, signal });
  return {
    writePlane: (plane) => writer.writePlane(plane),
    close: async () => ({ outputs: await writer.close() }),
    async settle() {
      await writer.settle();
      threads.release();
    },
  };
}
