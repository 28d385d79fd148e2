import { CorruptData, isDomainError } from "../../domain/errors.ts";
import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import { boxShape, mapAxes } from "../../domain/volumes/box.ts";
import { AXES, type Axis, type Box, type Zyx } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import type { Part } from "./bits.ts";
import { inParallel } from "./in-parallel.ts";
import { parseShardIndex, type ShardEntry, shardIndexBytes } from "./shard.ts";
import { threadCount, type VoxelThreads } from "./voxel-threads.ts";
import type { Slab } from "./slab.ts";

/** Frames nearer to each other than this are fetched together. */
const GAP = 256 * 1024;
/** From this share of its chunks on, a shard is fetched whole. */
const WHOLE = 0.8;

/** One chunk of a shard that is wanted: its number, what of it, and where that goes. */
interface Wanted {
  readonly number: number;
  readonly part: Part;
  readonly to: Zyx;
}

/**
 * Read a box of a sharded array into `slab`, whose shape is the box's and which is zero. Only shards
 * that the box touches are read, and of those only the chunks, unless it is most of them.
 */
export async function readShards(
  store: ObjectStore,
  path: string,
  { chunk, shard }: ArrayLayout,
  box: Box,
  slab: Slab,
  threads: VoxelThreads,
  signal: AbortSignal | undefined,
): Promise<void> {
  const per: Zyx = [shard[0] / chunk[0], shard[1] / chunk[1], shard[2] / chunk[2]];
  const total = per[0] * per[1] * per[2];
  await inParallel(cells(box, shard), threadCount() + 1, async (index) => {
    signal?.throwIfAborted();
    const key = `${path}/c/${index.join("/")}`;
    const wanted = wantedChunks(box, index, shard, chunk, per);
    for await (const { bytes, start, entries } of fetch(store, key, wanted, total)) {
      signal?.throwIfAborted();
      const frames = entries.map(([{ offset, length }, { part, to }]) => ({
        offset: offset - start,
        length,
        part,
        to,
      }));
      await threads.decodeChunks({ bytes, frames, chunk, slab }).catch((cause: unknown) => {
        if (!isDomainError(cause)) throw cause;
        throw new CorruptData(`${key}: ${cause.message}`, { cause });
      });
    }
  });
}

type Found = readonly [entry: NonNullable<ShardEntry>, wanted: Wanted];

/** The stored bytes that hold the chunks wanted, in as few requests as is sensible. */
async function* fetch(
  store: ObjectStore,
  key: string,
  wanted: readonly Wanted[],
  total: number,
): AsyncGenerator<{ bytes: Uint8Array; start: number; entries: readonly Found[] }> {
  const indexBytes = shardIndexBytes(total);
  if (wanted.length >= total * WHOLE) {
    const bytes = await store.get(key);
    if (bytes === undefined) return;
    const index = parseShardIndex(
      bytes.subarray(Math.max(0, bytes.length - indexBytes)),
      total,
      key,
      bytes.length,
    );
    yield { bytes, start: 0, entries: found(index, wanted) };
    return;
  }
  const tail = await store.getRange(key, { suffixLength: indexBytes });
  if (tail === undefined) return;
  const entries = found(parseShardIndex(tail, total, key), wanted);
  entries.sort(([a], [b]) => a.offset - b.offset);
  for (let i = 0; i < entries.length;) {
    const start = entries[i]![0].offset;
    let [end, j] = [start, i];
    for (; j < entries.length && entries[j]![0].offset <= end + GAP; j++) {
      end = Math.max(end, entries[j]![0].offset + entries[j]![0].length);
    }
    const bytes = await store.getRange(key, { offset: start, length: end - start });
    if (bytes?.length !== end - start) {
      throw new CorruptData(
        `${key} is truncated: bytes ${start}–${end} give ${bytes?.length ?? "none"}`,
      );
    }
    yield { bytes, start, entries: entries.slice(i, j) };
    i = j;
  }
}

function found(index: readonly ShardEntry[], wanted: readonly Wanted[]): Found[] {
  return wanted.flatMap((chunk) => {
    const entry = index[chunk.number];
    return entry === undefined ? [] : [[entry, chunk] as const];
  });
}

function wantedChunks(box: Box, shardIndex: Zyx, shard: Zyx, chunk: Zyx, per: Zyx): Wanted[] {
  const first = AXES.map((axis) => shardIndex[axis] * per[axis]) as unknown as Zyx;
  const inShard = mapAxes((axis) => [
    Math.max(box[axis][0], shardIndex[axis] * shard[axis]),
    Math.min(box[axis][1], (shardIndex[axis] + 1) * shard[axis]),
  ]);
  return [...cells(inShard, chunk)].map((index) => {
    const shared = mapAxes((axis) => [
      Math.max(box[axis][0], index[axis] * chunk[axis]),
      Math.min(box[axis][1], (index[axis] + 1) * chunk[axis]),
    ]);
    const at = (of: (axis: Axis) => number) => AXES.map(of) as unknown as Zyx;
    const [z, y, x] = at((axis) => index[axis] - first[axis]);
    return {
      number: (z * per[1] + y) * per[2] + x,
      part: {
        start: at((axis) => shared[axis][0] - index[axis] * chunk[axis]),
        size: boxShape(shared),
      },
      to: at((axis) => shared[axis][0] - box[axis][0]),
    };
  });
}

/** The indices of the cells of a grid that a box touches, in C order. */
export function* cells(box: Box, cell: Zyx): Generator<Zyx> {
  const range = (axis: Axis) => {
    const first = Math.floor(box[axis][0] / cell[axis]);
    const end = Math.ceil(box[axis][1] / cell[axis]);
    return Array.from({ length: end - first }, (_, i) => first + i);
  };
  for (const z of range(0)) for (const y of range(1)) for (const x of range(2)) yield [z, y, x];
}
