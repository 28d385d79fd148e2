import { Decoder, Encoder } from "@toondepauw/node-zstd";
import { CorruptData } from "../../domain/errors.ts";
import { zstdBound } from "../sources/zstd-bound.ts";
import { shuffle, unshuffle } from "./byte-shuffle.ts";

/**
 * Blosc 1 frames whose blocks are zstd, as c-blosc writes and reads them.
 * @see https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
 */

const HEADER = 16;
const SHUFFLED = 0x01;
const STORED = 0x02;
const BITS_SHUFFLED = 0x04;
/** One zstd frame per block, instead of one per byte of the element. */
const NOT_SPLIT = 0x10;
const ZSTD = 4;

const encoder = new Encoder(1);
const decoder = new Decoder();

/** Compress voxels of `typesize` bytes, given in little-endian order; the same bytes give the same frame. */
export function encodeBlosc(bytes: Uint8Array, typesize: number): Uint8Array {
  return Buffer.concat(packBlosc(typesize > 1 ? shuffle(bytes, typesize) : bytes, typesize));
}

/**
 * Compress voxels whose bytes are shuffled already; the parts of the frame, in order. The frame has
 * one block, whatever its length: chunks are small, and a reader that wants a chunk wants all of it.
 */
export function packBlosc(shuffled: Uint8Array, typesize: number): readonly Uint8Array[] {
  const length = shuffled.length;
  const packed = length === 0 ? shuffled : encoder.encodeSync(toBuffer(shuffled));
  const stored = 8 + packed.length >= length;
  const head = new Uint8Array(HEADER + (stored ? 0 : 8));
  const view = new DataView(head.buffer);
  const flags = (ZSTD << 5) | NOT_SPLIT | (typesize > 1 ? SHUFFLED : 0) | (stored ? STORED : 0);
  head.set([2, 1, flags, typesize]); // format version, version of the compressor's format
  view.setUint32(4, length, true);
  view.setUint32(8, Math.max(1, length), true);
  view.setUint32(12, head.length + (stored ? length : packed.length), true);
  if (stored) {
    const raw = new Uint8Array(length);
    unshuffle(shuffled, typesize, raw);
    return [head, raw];
  }
  view.setUint32(HEADER, HEADER + 4, true);
  view.setUint32(HEADER + 4, packed.length, true);
  return [head, packed];
}

/** Whether `decodeBlosc` reads the frame; other compressors, split blocks and bit shuffling it does not. */
export function isPlainZstd(frame: Uint8Array): boolean {
  const flags = frame[2] ?? 0;
  if (frame.length < HEADER) return true; // and decodeBlosc says what is wrong
  if ((flags & BITS_SHUFFLED) !== 0) return false;
  return (flags & STORED) !== 0 || (flags >> 5 === ZSTD && (flags & NOT_SPLIT) !== 0);
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
  if (size >= length && length > 0) return { bytes: unpack(blockAt(0), length), shuffled };
  const out = new Uint8Array(length);
  for (let i = 0; i * size < length; i++) {
    const target = out.subarray(i * size, (i + 1) * size);
    const block = unpack(blockAt(i), target.length);
    if (shuffled) unshuffle(block, typesize, target);
    else target.set(block);
  }
  return { bytes: out, shuffled: false };

  function blockAt(i: number): Uint8Array {
    const at = HEADER + 4 * i + 4 <= total ? view.getUint32(HEADER + 4 * i, true) : total;
    const end = at + 4 <= total ? at + 4 + view.getUint32(at, true) : Infinity;
    if (end > total) throw new CorruptData(`Block ${i} of a Blosc frame lies outside it`);
    return frame.subarray(at + 4, end);
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
