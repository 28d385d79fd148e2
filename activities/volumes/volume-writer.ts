import { arrayMetadata, defaultChunk } from "../../domain/volumes/array-metadata.ts";
import { bytesPerVoxel, createVoxels, dtypeOf } from "../../domain/volumes/dtype.ts";
import { CorruptData } from "../../domain/errors.ts";
import type { Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import { createStatistics, type Statistics } from "../../domain/volumes/statistics.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { encodeBlosc } from "./blosc-frame.ts";
import { inParallel } from "./in-parallel.ts";
import { putObject } from "./put-object.ts";

/** Chunks compressed and sent at once. */
const WIDTH = 8;

export interface WrittenLevel {
  /** Every object stored, `zarr.json` last. */
  readonly outputs: readonly Output[];
  readonly statistics: Statistics;
}

export interface VolumeWriter {
  /** Add the next plane, `[y, x]`. Its memory is the caller's again when the promise resolves. */
  writePlane(plane: VoxelArray): Promise<void>;
  /** Write what is left and the array's document; `CorruptData` when planes are missing. */
  close(): Promise<WrittenLevel>;
}

/**
 * Write one level of a volume plane by plane, in the order of z.
 *
 * Holds one row of chunks (`chunk[0]` planes). Equal voxels give equal bytes under equal keys, so
 * that a repeated attempt changes nothing. A chunk of zeros is not stored: it is the fill value.
 *
 * @param prefix where the array goes, such as `volumes/<digest>.zarr/0`
 */
export function createVolumeWriter(
  store: ObjectStore,
  prefix: string,
  options: {
    readonly shape: Zyx;
    readonly dtype: Dtype;
    readonly chunk?: Zyx;
    readonly signal?: AbortSignal | undefined;
  },
): VolumeWriter {
  const { shape, dtype, signal } = options;
  const chunk = options.chunk ?? defaultChunk(shape, dtype);
  const columns = Math.ceil(shape[2] / chunk[2]);
  const statistics = createStatistics();
  const outputs: Output[] = [];
  let chunks = new Map<number, VoxelArray>();
  let z = 0;

  /** Copy a plane into the chunks that hold its parts. */
  function scatter(plane: VoxelArray): void {
    const depth = (z % chunk[0]) * chunk[1] * chunk[2];
    for (let cx = 0; cx < columns; cx++) {
      const x0 = cx * chunk[2];
      const x1 = Math.min(shape[2], x0 + chunk[2]);
      for (let y = 0; y < shape[1]; y++) {
        const target = chunkAt(Math.floor(y / chunk[1]) * columns + cx);
        const from = y * shape[2];
        target.set(plane.subarray(from + x0, from + x1), depth + (y % chunk[1]) * chunk[2]);
      }
    }
  }

  function chunkAt(index: number): VoxelArray {
    let voxels = chunks.get(index);
    if (voxels === undefined) {
      voxels = createVoxels(dtype, chunk[0] * chunk[1] * chunk[2]);
      chunks.set(index, voxels);
    }
    return voxels;
  }

  async function flush(): Promise<void> {
    const cz = Math.ceil(z / chunk[0]) - 1;
    const full = chunks;
    chunks = new Map();
    await inParallel(full, WIDTH, async ([index, voxels]) => {
      signal?.throwIfAborted();
      full.delete(index);
      if (voxels.every((v) => v === 0)) return;
      const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
      const frame = await encodeBlosc(bytes, bytesPerVoxel(dtype));
      const [cy, cx] = [Math.floor(index / columns), index % columns];
      outputs.push(await putObject(store, `${prefix}/c/${cz}/${cy}/${cx}`, frame));
    });
  }

  return {
    async writePlane(plane) {
      signal?.throwIfAborted();
      if (dtypeOf(plane) !== dtype || plane.length !== shape[1] * shape[2] || z === shape[0]) {
        throw new CorruptData(
          `Expected plane ${z} of ${shape[0]} with ${shape[1]}x${shape[2]} voxels of ${dtype}, got ${plane.length} of ${dtypeOf(plane)}`,
        );
      }
      statistics.add(plane);
      scatter(plane);
      z++;
      if (z % chunk[0] === 0 || z === shape[0]) await flush();
    },
    async close() {
      if (z !== shape[0]) throw new CorruptData(`${prefix} got ${z} planes, expected ${shape[0]}`);
      const document = Buffer.from(JSON.stringify(arrayMetadata(shape, dtype, chunk), null, 1));
      outputs.sort((a, b) => (a.key < b.key ? -1 : 1));
      outputs.push(await putObject(store, `${prefix}/zarr.json`, document));
      return { outputs, statistics: statistics.result() };
    },
  };
}
