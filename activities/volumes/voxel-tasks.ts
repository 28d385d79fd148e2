import { createHash } from "node:crypto";
import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import { type Downsampling, halvePlanes } from "../../domain/volumes/pyramid.ts";
import { bytesPerVoxel, viewVoxels } from "../../domain/volumes/dtype.ts";
import { type Dtype, voxelCount, type Zyx } from "../../domain/volumes/shape.ts";
import { decodeBlosc, MAX_OVERHEAD, packBlosc, unpackBlosc } from "./blosc-frame.ts";
import { bitsOf, type Part } from "./bits.ts";
import { gatherChunks, gatherMemory } from "./gather-chunks.ts";
import { voxelKernels } from "./kernels/voxel-kernels.ts";
import { packMemory } from "./pack-stream.ts";
import { addToRun, copyRun, runMemory } from "./scatter-chunks.ts";
import { createShardBuilder, shardIndexBytes } from "./shard.ts";

/** A dense grid of voxels in memory that threads share, or in memory of one thread. */
export interface Slab {
  readonly buffer: ArrayBufferLike;
  readonly shape: Zyx;
  readonly dtype: Dtype;
}

export interface EncodeShard {
  readonly slab: Slab;
  /** The part of the slab that the shard holds; smaller than a shard at the borders. */
  readonly part: Part;
  readonly chunk: Zyx;
  readonly shard: Zyx;
  /** Where the shard's bytes go: `shardMemory` of them. */
  readonly memory: ArrayBufferLike;
}

/** How long the shard is, and its sha256. */
export interface EncodedShard {
  readonly length: number;
  readonly sha256: string;
}

/** Bytes that a shard has at most. */
export function shardMemory({ chunk, shard }: ArrayLayout, dtype: Dtype): number {
  const chunks = voxelCount(shard) / voxelCount(chunk);
  const frames = voxelCount(shard) * bytesPerVoxel(dtype) + chunks * MAX_OVERHEAD;
  return frames + shardIndexBytes(chunks);
}

/** Compress a part of a slab into a shard; undefined when all of it is zero. */
export function encodeShard(input: EncodeShard): EncodedShard | undefined {
  const { slab, part, chunk, shard, memory } = input;
  const size = bytesPerVoxel(slab.dtype);
  const grid = bitsOf(slab.buffer, size);
  const [count, voxels] = [shard[2] / chunk[2], voxelCount(chunk)];
  // What packing needs, then the chunks, then what gathering needs.
  const chunks = align(packMemory(voxels * size));
  const layer = align(chunks + count * voxels * size);
  const kernels = voxelKernels(layer + gatherMemory(count, chunk, size));
  const builder = createShardBuilder(voxelCount(shard) / voxels, memory);
  for (let y = 0; y < shard[1]; y += chunk[1]) {
    const extent: Zyx = [part.size[0], Math.min(chunk[1], part.size[1] - y), part.size[2]];
    const row = { start: [part.start[0], part.start[1] + y, part.start[2]] as Zyx, size: extent };
    const any =
      extent[1] > 0
        ? gatherChunks(kernels, grid, slab.shape, row, chunk, chunks, count, layer)
        : [];
    for (let i = 0; i < count; i++) {
      const at = chunks + i * voxels * size;
      const pack = (to: Uint8Array, end: number) =>
        packBlosc(kernels, at, voxels * size, size, to, end);
      builder.add(any[i] === true ? pack : undefined);
    }
  }
  const length = builder.finish();
  if (length === 0) return undefined;
  const bytes = new Uint8Array(memory, 0, length);
  return { length, sha256: createHash("sha256").update(bytes).digest("hex") };
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
  const grid = bitsOf(slab.buffer, size);
  const chunkBytes = voxelCount(chunk) * size;
  for (const side of sideBySide(frames)) {
    const { part, to } = side[0]!;
    const width = side.reduce((sum, frame) => sum + frame.part.size[2], 0);
    const run = { size: [part.size[0], part.size[1]] as const, width, bytesEach: size };
    const layer = align(chunkBytes) + 128;
    const kernels = voxelKernels(layer + runMemory(run));
    const memory = new Uint8Array(kernels.memory);
    let x = 0;
    for (const { offset, length, part } of side) {
      const frame = bytes.subarray(offset, offset + length);
      // Others may shuffle by another size than the voxel's: that is undone here and now.
      const { bytes: unpacked, shuffled } =
        frame[TYPESIZE] === size
          ? unpackBlosc(frame, chunkBytes)
          : { bytes: decodeBlosc(frame, chunkBytes), shuffled: false };
      memory.set(unpacked);
      addToRun(kernels, run, layer, x, 0, shuffled, chunk, part);
      x += part.size[2];
    }
    copyRun(kernels, run, layer, grid, slab.shape, to);
  }
}

/** Frames in groups whose parts touch each other along x and are alike along z and y. */
function sideBySide(frames: readonly StoredFrame[]): StoredFrame[][] {
  const groups: StoredFrame[][] = [];
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
    if (touches) groups.at(-1)!.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

export interface HalveSlab {
  readonly from: Slab;
  /** Planes of `from` that hold something. */
  readonly planes: number;
  readonly to: Slab;
  /** The plane of `to` that the first two planes become. */
  readonly at: number;
  /** Which pairs of planes to do: half-open. */
  readonly pairs: readonly [lo: number, hi: number];
  readonly mode: Downsampling;
}

/** Downsample pairs of planes of one slab into planes of another. */
export function halveSlab({ from, planes, to, at, pairs, mode }: HalveSlab): void {
  const [, y, x] = from.shape;
  const source = viewVoxels(from.dtype, new Uint8Array(from.buffer));
  const target = viewVoxels(to.dtype, new Uint8Array(to.buffer));
  const [area, half] = [y * x, to.shape[1] * to.shape[2]];
  for (let pair = pairs[0]; pair < pairs[1]; pair++) {
    const a = source.subarray(2 * pair * area, (2 * pair + 1) * area);
    const b =
      2 * pair + 1 < planes
        ? source.subarray((2 * pair + 1) * area, (2 * pair + 2) * area)
        : undefined;
    halvePlanes(a, b, y, x, target.subarray((at + pair) * half, (at + pair + 1) * half), mode);
  }
}
