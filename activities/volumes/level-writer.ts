import { arrayMetadata } from "../../domain/volumes/array-metadata.ts";
import { bytesPerVoxel, dtypeOf, viewVoxels } from "../../domain/volumes/dtype.ts";
import { CorruptData } from "../../domain/errors.ts";
import type { Downsampling } from "../../domain/volumes/pyramid.ts";
import type { VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import type { Part } from "./bits.ts";
import { inParallel } from "./in-parallel.ts";
import type { LevelPlan } from "./level-plan.ts";
import { putObject } from "./put-object.ts";
import type { Slab } from "./slab.ts";
import { createSpareMemory, type SpareMemory } from "./spare-memory.ts";
import { type Region, regionBytes } from "./voxel-memory.ts";
import { threadCount, type VoxelThreads } from "./voxel-threads.ts";
import { type EncodedShard, shardMemory } from "./voxel-tasks.ts";

export interface LevelWriter {
  readonly shape: Zyx;
  /** Add the next plane, `[y, x]`. Its memory is the caller's again when the promise resolves. */
  writePlane(plane: VoxelArray): Promise<void>;
  /**
   * Memory that `writePlane` would copy plane `z` to, if it is free now: a plane that is there
   * already, when its turn comes, is not copied.
   */
  place(z: number): Uint8Array | undefined;
  /** Where the next planes go; waits until there is room. */
  room(): Promise<{ readonly slab: Slab; readonly at: number }>;
  /** Planes were put there. */
  filled(planes: number): void;
  /** Write what is left and the array's document; `CorruptData` when planes are missing. */
  close(): Promise<readonly Output[]>;
  /** Wait for the rows that are on their way, whether or not they get there. */
  settle(): Promise<void>;
}

/**
 * Write one level of a volume in the order of z, and pass half of it on to the next level.
 *
 * Planes are collected in a slab, a row of chunks deep. A full slab is compressed shard by shard and
 * halved into the next level's slab by threads while the other slab is filled. Equal voxels give
 * equal bytes under equal keys, so that a repeated attempt changes nothing.
 *
 * @param prefix where the array goes, such as `volumes/<digest>.zarr/0`
 */
export function createLevelWriter(
  store: ObjectStore,
  prefix: string,
  options: {
    readonly plan: LevelPlan;
    readonly threads: VoxelThreads;
    /** Default: its own. */
    readonly spare?: SpareMemory;
    readonly signal?: AbortSignal | undefined;
    /** The next level, half as large, and how it is made. */
    readonly next?: { readonly level: LevelWriter; readonly mode: Downsampling } | undefined;
  },
): LevelWriter {
  const { plan, threads, signal, next } = options;
  const { shape, dtype, layout, slab: slabShape } = plan;
  const spare = options.spare ?? createSpareMemory((bytes) => threads.memory(bytes));
  const { chunk, shard } = layout;
  const count = plan.slabs;
  const slabs = Array.from({ length: count }, () => ({
    slab: undefined as Slab | undefined,
    /** The row that is written out of it. */
    busy: undefined as Promise<void> | undefined,
  }));
  const outputs: Output[] = [];
  let failure: { readonly error: unknown } | undefined;
  let halved: Promise<void> = Promise.resolve();
  let [row, planes, total] = [0, 0, 0];

  function flush(slab: Slab, depth: number, at: number): Promise<void> {
    const encoded = inParallel(shardsOf(slabShape, depth, shard), plan.shardsAtOnce, (part) =>
      writeShard(slab, part, at),
    );
    if (next === undefined) return encoded;
    // One slab after the other, or the next level would get them in another order.
    halved = halved.then(() => halveInto(next.level, next.mode, slab, depth));
    return Promise.all([encoded, halved]).then(() => undefined);
  }

  async function writeShard(slab: Slab, part: Part, at: number): Promise<void> {
    signal?.throwIfAborted();
    const memory = spare.take(shardMemory(layout, dtype));
    const encoded = await threads.encodeShard({ slab, part, chunk, shard, memory });
    signal?.throwIfAborted();
    if (encoded !== undefined) await putShard(part, at, memory, encoded);
    spare.give(memory);
  }

  async function putShard(part: Part, at: number, memory: Region, found: EncodedShard) {
    const index = [at, part.start[1] / shard[1], part.start[2] / shard[2]];
    const key = `${prefix}/c/${index.join("/")}`;
    const bytes = regionBytes(memory).subarray(0, found.length);
    outputs.push(await putObject(store, key, bytes, found.sha256));
  }

  async function halveInto(level: LevelWriter, mode: Downsampling, from: Slab, depth: number) {
    const pairs = Math.ceil(depth / 2);
    const { slab: to, at } = await level.room();
    const tasks = Math.min(pairs, threadCount() * 2);
    await Promise.all(
      Array.from({ length: tasks }, (_, i) =>
        threads.halveSlab({
          from,
          planes: depth,
          to,
          at,
          mode,
          pairs: [Math.floor((i * pairs) / tasks), Math.floor(((i + 1) * pairs) / tasks)],
        }),
      ),
    );
    level.filled(pairs);
  }

  const writer: LevelWriter = {
    shape,
    async writePlane(plane) {
      signal?.throwIfAborted();
      const expected = shape[1] * shape[2];
      if (dtypeOf(plane) !== dtype || plane.length !== expected || total === shape[0]) {
        throw new CorruptData(
          `Expected plane ${total} of ${shape[0]} with ${shape[1]}x${shape[2]} voxels of ${dtype}, got ${plane.length} of ${dtypeOf(plane)}`,
        );
      }
      const { slab, at } = await writer.room();
      const there =
        plane.buffer === slab.buffer && plane.byteOffset === slab.offset + at * plane.byteLength;
      if (!there) viewVoxels(dtype, regionBytes(slab)).set(plane, at * expected);
      writer.filled(1);
    },
    place(z) {
      const of = Math.floor(z / chunk[0]);
      const place = slabs[of % count]!;
      if (of < row || of >= row + count || place.busy !== undefined) return undefined;
      place.slab ??= threads.allocate(slabShape, dtype);
      const bytes = shape[1] * shape[2] * bytesPerVoxel(dtype);
      return regionBytes(place.slab).subarray((z % chunk[0]) * bytes, (1 + (z % chunk[0])) * bytes);
    },
    async room() {
      const place = slabs[row % count]!;
      if (planes === 0) await place.busy;
      if (failure !== undefined) throw failure.error;
      place.slab ??= threads.allocate(slabShape, dtype);
      return { slab: place.slab, at: planes };
    },
    filled(more) {
      planes += more;
      total += more;
      if (planes < chunk[0] && total < shape[0]) return;
      const place = slabs[row % count]!;
      place.busy = flush(place.slab!, planes, row)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .then(() => {
          place.busy = undefined;
        });
      row++;
      planes = 0;
    },
    async settle() {
      for (const { busy } of slabs) await busy;
    },
    async close() {
      await writer.settle();
      if (failure !== undefined) throw failure.error;
      if (total !== shape[0]) {
        throw new CorruptData(`${prefix} got ${total} planes, expected ${shape[0]}`);
      }
      const document = Buffer.from(JSON.stringify(arrayMetadata(shape, dtype, layout), null, 1));
      outputs.sort((a, b) => (a.key < b.key ? -1 : 1));
      outputs.push(await putObject(store, `${prefix}/zarr.json`, document));
      return outputs;
    },
  };
  return writer;
}

/** The parts of a slab that are a shard each, in C order. */
function* shardsOf([, y, x]: Zyx, depth: number, shard: Zyx): Generator<Part> {
  for (let j = 0; j < y; j += shard[1]) {
    for (let i = 0; i < x; i += shard[2]) {
      const size: Zyx = [depth, Math.min(shard[1], y - j), Math.min(shard[2], x - i)];
      yield { start: [0, j, i], size };
    }
  }
}
