import { createHash } from "node:crypto";
import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import { type Dtype, voxelCount, type Zyx } from "../../domain/volumes/shape.ts";
import { decodeBlosc, MAX_OVERHEAD, packBlosc, unpackBlosc } from "./blosc-frame.ts";
import { bitsOf, type Part } from "./bits.ts";
import { gatherChunks, gatherMemory } from "./gather-chunks.ts";
import { voxelKernels } from "./kernels/voxel-kernels.ts";
import { frameMemory, packMemory } from "./pack-stream.ts";
import { addToRun, copyRun, runMemory } from "./scatter-chunks.ts";
import { createShardBuilder, shardIndexBytes } from "./shard.ts";
import type { Slab } from "./slab.ts";
import { type Region, regionBytes } from "./voxel-memory.ts";

export { type HalveSlab, halveSlab } from "./halve-slab.ts";

export interface EncodeShard {
  readonly slab: Slab;
  /** The part of the slab that the shard holds; smaller than a shard at the borders. */
  readonly part: Part;
  readonly chunk: Zyx;
  readonly shard: Zyx;
  /** Where the shard's bytes go: `shardMemory` of them. */
  readonly memory: Region;
}

/** How long the shard is, and its sha256. */
export interface EncodedShard {
  readonly length: number;
  readonly sha256: string;
}

/** Bytes that making a shard takes at most. */
export function shardMemory({ chunk, shard }: ArrayLayout, dtype: Dtype): number {
  const chunks = voxelCount(shard) / voxelCount(chunk);
  const frames = voxelCount(shard) * bytesPerVoxel(dtype) + chunks * MAX_OVERHEAD;
  return frames + shardIndexBytes(chunks) + frameMemory(voxelCount(chunk));
}

/** What a thread works with beside the shard: packing's, then the chunks, then gathering's. */
export function workMemory({ chunk, shard }: ArrayLayout, dtype: Dtype) {
  const size = bytesPerVoxel(dtype);
  const count = shard[2] / chunk[2];
  const packing = align(packMemory(voxelCount(chunk) * size));
  const gathering = align(packing + count * voxelCount(chunk) * size);
  return { packing, gathering, bytes: gathering + gatherMemory(count, chunk, size) };
}

/** Compress a part of a slab into a shard; undefined when all of it is zero. */
export function encodeShard(input: EncodeShard): EncodedShard | undefined {
  const { slab, part, chunk, shard, memory } = input;
  const size = bytesPerVoxel(slab.dtype);
  const [count, voxels] = [shard[2] / chunk[2], voxelCount(chunk)];
  const { packing, gathering, bytes } = workMemory({ chunk, shard }, slab.dtype);
  const kernels = voxelKernels(bytes, slab.arena);
  const [chunks, layer] = [kernels.base + packing, kernels.base + gathering];
  const [slabInPlace, shardInPlace] = [slab, memory].map(
    ({ arena }) => arena !== undefined && arena.id === kernels.arena,
  );
  const target = shardInPlace
    ? new Uint8Array(kernels.memory, memory.offset, memory.bytes)
    : regionBytes(memory);
  // One at a time stays near the core; a row of them is what copying takes best.
  const group = slabInPlace ? 1 : count;
  const builder = createShardBuilder(voxelCount(shard) / voxels, target);
  for (let y = 0; y < shard[1]; y += chunk[1]) {
    const height = Math.min(chunk[1], part.size[1] - y);
    for (let x = 0; x < shard[2]; x += group * chunk[2]) {
      const width = Math.min(group * chunk[2], part.size[2] - x);
      const extent: Zyx = [part.size[0], height, width];
      const start: Zyx = [part.start[0], part.start[1] + y, part.start[2] + x];
      const any =
        height > 0 && width > 0
          ? gatherChunks(kernels, slab, { start, size: extent }, chunk, chunks, group, layer)
          : [];
      for (let i = 0; i < group; i++) {
        const at = chunks + i * voxels * size;
        const pack = (to: Uint8Array, end: number) =>
          packBlosc(kernels, at, voxels * size, size, to, end);
        builder.add(any[i] === true ? pack : undefined);
      }
    }
  }
  const length = builder.finish();
  if (length === 0) return undefined;
  const sha256 = createHash("sha256").update(target.subarray(0, length)).digest("hex");
  return { length, sha256 };
}

/** Addresses of voxels and of what SIMD moves are whole multiples of 16. */
const align = (address: number) => Math.ceil(address / 16) * 16;

/** One chunk that is wanted. */
export interface StoredFrame {
  /** Where the frame lies in the bytes. */
  readonly offset: number;
  readonly length: number;
  /** What of the chunk is wanted, and where it goes in the slab. */
  readonly part: Part;
  readonly to: Zyx;
}

export interface DecodeChunks {
  /** The stored bytes that hold the frames. */
  readonly bytes: Uint8Array;
  readonly frames: readonly StoredFrame[];
  readonly chunk: Zyx;
  readonly slab: Slab;
}

/** Where a Blosc frame says by how many bytes it is shuffled. */
const TYPESIZE = 3;

/** Decompress chunks into a slab. `CorruptData` when one does not hold what it must. */
export function decodeChunks({ bytes, frames, chunk, slab }: DecodeChunks): void {
  const size = bytesPerVoxel(slab.dtype);
  const grid = bitsOf(slab.buffer, size).subarray(slab.offset / size);
  const chunkBytes = voxelCount(chunk) * size;
  for (const side of sideBySide(frames, size)) {
    const { part, to } = side[0]!;
    const width = side.reduce((sum, frame) => sum + frame.part.size[2], 0);
    const run = { size: [part.size[0], part.size[1]] as const, width, bytesEach: size };
    const before = align(chunkBytes) + 128;
    const kernels = voxelKernels(before + runMemory(run));
    const memory = new Uint8Array(kernels.memory, kernels.base);
    const layer = kernels.base + before;
    let x = 0;
    for (const { offset, length, part } of side) {
      const frame = bytes.subarray(offset, offset + length);
      // Others may shuffle by another size than the voxel's: that is undone here and now.
      const { bytes: unpacked, shuffled } =
        frame[TYPESIZE] === size
          ? unpackBlosc(frame, chunkBytes)
          : { bytes: decodeBlosc(frame, chunkBytes), shuffled: false };
      memory.set(unpacked);
      addToRun(kernels, run, layer, x, kernels.base, shuffled, chunk, part);
      x += part.size[2];
    }
    copyRun(kernels, run, layer, grid, slab.shape, to);
  }
}

/** Bytes that a run has at most, if it is more than one chunk: others may write rows of any length. */
const RUN_BYTES = 64 * 1024 * 1024;

/** Frames in groups whose parts touch each other along x and are alike along z and y. */
function sideBySide(frames: readonly StoredFrame[], bytesEach: number): StoredFrame[][] {
  const groups: StoredFrame[][] = [];
  let bytes = 0;
  for (const frame of frames) {
    const last = groups.at(-1)?.at(-1);
    const touches =
      last !== undefined &&
      last.to[2] + last.part.size[2] === frame.to[2] &&
      [0, 1].every(
        (axis) =>
          last.to[axis] === frame.to[axis] &&
          last.part.start[axis] === frame.part.start[axis] &&
          last.part.size[axis] === frame.part.size[axis],
      );
    const more = voxelCount(frame.part.size) * bytesEach;
    bytes += more;
    if (touches && bytes <= RUN_BYTES) groups.at(-1)!.push(frame);
    else {
      groups.push([frame]);
      bytes = more;
    }
  }
  return groups;
}
