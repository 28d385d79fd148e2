import { Decoder } from "@toondepauw/node-zstd";
import { CorruptData } from "../../domain/errors.ts";
import { zstdBound } from "../sources/zstd-bound.ts";
import { shuffle, unshuffle } from "./byte-shuffle.ts";
import { HUFFMAN, type VoxelKernels, voxelKernels } from "./kernels/voxel-kernels.ts";
import { packMemory, packStream } from "./pack-stream.ts";

/**
 * Blosc 1 frames whose blocks are zstd, as c-blosc writes and reads them.
 * @see https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
 */

const HEADER = 16;
const SHUFFLED = 0x01;
const STORED = 0x02;
const BITS_SHUFFLED = 0x04;
/** One zstd frame per block, instead of one per byte of the elements. */
const NOT_SPLIT = 0x10;
const ZSTD = 4;
/** c-blosc splits blocks of elements of at most so many bytes, into streams of at least so many. */
const MAX_SPLITS = 16;
const MIN_SPLIT = 128;
/** Bytes that a frame takes at most beyond those of its voxels. */
export const MAX_OVERHEAD = HEADER + 4 + 4 * MAX_SPLITS;

/** Bytes that the kernels copy at a time. */
const SIMD = 16;

const decoder = new Decoder();

/** Compress voxels of `typesize` bytes, given in little-endian order; the same bytes give the same frame. */
export function encodeBlosc(bytes: Uint8Array, typesize: number): Uint8Array {
  const { length } = bytes;
  const needed = packMemory(length / splitsOf(length, typesize));
  const kernels = voxelKernels(needed + length);
  const at = kernels.base + needed;
  const shuffled = new Uint8Array(kernels.memory, at, length);
  shuffled.set(typesize > 1 ? shuffle(bytes, typesize) : bytes);
  const frame = new Uint8Array(length + MAX_OVERHEAD);
  return frame.slice(0, packBlosc(kernels, at, length, typesize, frame, 0));
}

/**
 * Compress voxels whose bytes are shuffled already. The frame has one block, whatever its length:
 * chunks are small, and a reader that wants a chunk wants all of it. The first bytes of all voxels, the
 * second ones, … are compressed apart, because those of low value are often noise.
 *
 * @param at address of the bytes in the kernels' memory, behind `packMemory` of those of one stream
 * @param target where the frame goes, from `start` on: `length + MAX_OVERHEAD` bytes at most, and in the
 *   kernels' own memory `frameMemory` of a stream more, which are spoilt
 * @returns the frame's end in `target`
 */
export function packBlosc(
  kernels: VoxelKernels,
  at: number,
  length: number,
  typesize: number,
  target: Uint8Array,
  start: number,
): number {
  const splits = splitsOf(length, typesize);
  const each = length / splits;
  const view = new DataView(target.buffer, target.byteOffset + start);
  const inPlace = target.buffer === kernels.memory;
  let end = HEADER + 4;
  for (let i = 0; i < splits && length > 0; i++) {
    const to = target.byteOffset + start + end + 4;
    // Elsewhere, words are copied, not bytes, where both addresses are alike modulo 8.
    const out = inPlace ? to : kernels.base + HUFFMAN.out + (to % 8);
    const stream = packStream(kernels, at + i * each, each, out); // of equal length means stored
    view.setUint32(end, stream.length, true);
    if (!inPlace || stream.buffer !== target.buffer) target.set(stream, start + end + 4);
    else if (stream.byteOffset !== to) {
      const bytes = Math.ceil(stream.length / SIMD) * SIMD;
      kernels.split1(stream.byteOffset, 0, 1, bytes, to, 0);
    }
    end += 4 + stream.length;
  }
  const stored = end >= HEADER + length;
  if (stored) {
    const raw = new Uint8Array(length);
    unshuffle(new Uint8Array(kernels.memory, at, length), typesize, raw);
    target.set(raw, start + HEADER);
    end = HEADER + length;
  } else view.setUint32(HEADER, HEADER + 4, true);
  const flags =
    (ZSTD << 5) |
    (splits > 1 ? 0 : NOT_SPLIT) |
    (typesize > 1 ? SHUFFLED : 0) |
    (stored ? STORED : 0);
  target.set([2, 1, flags, typesize], start); // format version, version of the compressor's format
  view.setUint32(4, length, true);
  view.setUint32(8, Math.max(1, length), true);
  view.setUint32(12, end, true);
  return start + end;
}

/** Streams of a block of `length` bytes, where a reader expects them to be split. */
function splitsOf(length: number, typesize: number): number {
  const splits = typesize > 1 && typesize <= MAX_SPLITS && length / typesize >= MIN_SPLIT;
  return splits && length % typesize === 0 ? typesize : 1;
}

/** Whether `decodeBlosc` reads the frame; other compressors and bit shuffling it does not. */
export function isPlainZstd(frame: Uint8Array): boolean {
  const flags = frame[2] ?? 0;
  if (frame.length < HEADER) return true; // and decodeBlosc says what is wrong
  if ((flags & BITS_SHUFFLED) !== 0) return false;
  return (flags & STORED) !== 0 || flags >> 5 === ZSTD;
}

/** The bytes in a frame; `CorruptData` unless it is whole and holds exactly `expected` of them. */
export function decodeBlosc(frame: Uint8Array, expected: number): Uint8Array {
  const { bytes, shuffled } = unpackBlosc(frame, expected);
  if (!shuffled) return bytes;
  const out = new Uint8Array(bytes.length);
  unshuffle(bytes, frame[3]!, out);
  return out;
}

/** The same, but a frame of one block keeps its bytes shuffled, for those who move them anyway. */
export function unpackBlosc(
  frame: Uint8Array,
  expected: number,
): { readonly bytes: Uint8Array; readonly shuffled: boolean } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < HEADER)
    throw new CorruptData(`A Blosc frame of ${frame.length} bytes has no header`);
  const [flags, typesize] = [frame[2]!, frame[3]!];
  const [length, size, total] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  if (
    length !== expected ||
    total !== frame.length ||
    (size === 0 && length > 0) ||
    size > Math.max(1, length)
  ) {
    throw new CorruptData(
      `A Blosc frame says ${total} bytes for ${length} in blocks of ${size}, expected ${frame.length} for ${expected}`,
    );
  }
  if ((flags & STORED) !== 0) {
    if (total !== HEADER + length)
      throw new CorruptData("A stored Blosc frame has the wrong length");
    return { bytes: frame.slice(HEADER), shuffled: false };
  }
  const shuffled = (flags & SHUFFLED) !== 0 && typesize > 1;
  if (size >= length && length > 0) return { bytes: blockAt(0, length), shuffled };
  const out = new Uint8Array(length);
  for (let i = 0; i * size < length; i++) {
    const target = out.subarray(i * size, (i + 1) * size);
    const block = blockAt(i, target.length);
    if (shuffled) unshuffle(block, typesize, target);
    else target.set(block);
  }
  return { bytes: out, shuffled: false };

  /** A block's bytes, shuffled where the frame is. The last one, if it is shorter, is never split. */
  function blockAt(i: number, blockLength: number): Uint8Array {
    let at = HEADER + 4 * i + 4 <= total ? view.getUint32(HEADER + 4 * i, true) : total;
    const split = (flags & NOT_SPLIT) === 0 && blockLength === size;
    const splits = split ? splitsOf(size, typesize) : 1;
    const each = blockLength / splits;
    const streams = Array.from({ length: splits }, () => {
      const end = at + 4 <= total ? at + 4 + view.getUint32(at, true) : Infinity;
      if (end > total) throw new CorruptData(`Block ${i} of a Blosc frame lies outside it`);
      const stream = unpack(frame.subarray(at + 4, end), each);
      at = end;
      return stream;
    });
    return streams.length === 1 ? streams[0]! : Buffer.concat(streams, blockLength);
  }
}

function unpack(block: Uint8Array, length: number): Uint8Array {
  if (block.length === length) return block;
  let bytes: Buffer;
  try {
    // Before any memory is taken. Frames of many small blocks hold less than their bound says.
    const bound = zstdBound(block);
    if (bound > 16 * length + 2 ** 20) throw new Error(`it holds up to ${bound} bytes`);
    bytes = decoder.decodeSync(toBuffer(block));
  } catch (cause) {
    throw new CorruptData(`A Blosc block cannot be decompressed: ${String(cause)}`, { cause });
  }
  if (bytes.length === length) return bytes;
  throw new CorruptData(`A Blosc block holds ${bytes.length} bytes, expected ${length}`);
}

const toBuffer = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
