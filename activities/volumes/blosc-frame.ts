import { Decoder, Encoder } from "@toondepauw/node-zstd";
import { CorruptData } from "../../domain/errors.ts";
import { shuffle, unshuffle } from "./byte-shuffle.ts";

/**
 * Blosc 1 frames whose blocks are zstd, as c-blosc writes and reads them.
 * @see https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
 */

const HEADER = 16;
const BLOCK = 512 * 1024;
const SHUFFLED = 0x01;
const STORED = 0x02;
const BITS_SHUFFLED = 0x04;
/** One zstd frame per block, instead of one per byte of the element. */
const NOT_SPLIT = 0x10;
const ZSTD = 4;

const encoder = new Encoder(1);
const decoder = new Decoder();

/** Compress voxels of `typesize` bytes, given in little-endian order; the same bytes give the same frame. */
export async function encodeBlosc(bytes: Uint8Array, typesize: number): Promise<Uint8Array> {
  const size = Math.max(1, Math.min(BLOCK - (BLOCK % typesize), bytes.length));
  const blocks = await Promise.all(
    Array.from({ length: Math.ceil(bytes.length / size) }, async (_, i) => {
      const raw = bytes.subarray(i * size, (i + 1) * size);
      const ordered =
        typesize > 1
          ? shuffle(raw, typesize)
          : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
      const packed = await encoder.encode(ordered);
      return packed.length < ordered.length ? packed : ordered; // of equal length means stored
    }),
  );
  const total = blocks.reduce((sum, block) => sum + 4 + block.length, HEADER + 4 * blocks.length);
  const stored = total >= HEADER + bytes.length;
  const frame = new Uint8Array(stored ? HEADER + bytes.length : total);
  const view = new DataView(frame.buffer);
  const flags = (ZSTD << 5) | NOT_SPLIT | (typesize > 1 ? SHUFFLED : 0) | (stored ? STORED : 0);
  frame.set([2, 1, flags, typesize]); // format version, version of the compressor's format
  view.setUint32(4, bytes.length, true);
  view.setUint32(8, size, true);
  view.setUint32(12, frame.length, true);
  if (stored) {
    frame.set(bytes, HEADER);
    return frame;
  }
  let at = HEADER + 4 * blocks.length;
  for (const [i, block] of blocks.entries()) {
    view.setUint32(HEADER + 4 * i, at, true);
    view.setUint32(at, block.length, true);
    frame.set(block, at + 4);
    at += 4 + block.length;
  }
  return frame;
}

/** Whether `decodeBlosc` reads the frame; other compressors, split blocks and bit shuffling it does not. */
export function isPlainZstd(frame: Uint8Array): boolean {
  const flags = frame[2] ?? 0;
  if (frame.length < HEADER) return true; // and decodeBlosc says what is wrong
  if ((flags & BITS_SHUFFLED) !== 0) return false;
  return (flags & STORED) !== 0 || (flags >> 5 === ZSTD && (flags & NOT_SPLIT) !== 0);
}

/** The bytes in a frame; `CorruptData` unless it is whole and holds exactly `expected` of them. */
export async function decodeBlosc(frame: Uint8Array, expected: number): Promise<Uint8Array> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < HEADER)
    throw new CorruptData(`A Blosc frame of ${frame.length} bytes has no header`);
  const [flags, typesize] = [frame[2]!, frame[3]!];
  const [length, size, total] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  if (length !== expected || total !== frame.length || (size === 0 && length > 0)) {
    throw new CorruptData(
      `A Blosc frame says ${total} bytes for ${length}, expected ${frame.length} for ${expected}`,
    );
  }
  const out = new Uint8Array(length);
  if ((flags & STORED) !== 0) {
    if (total !== HEADER + length)
      throw new CorruptData("A stored Blosc frame has the wrong length");
    out.set(frame.subarray(HEADER));
    return out;
  }
  await Promise.all(
    Array.from({ length: Math.ceil(length / size) }, async (_, i) => {
      const target = out.subarray(i * size, (i + 1) * size);
      const block = await unpack(blockAt(i), target.length);
      if ((flags & SHUFFLED) !== 0 && typesize > 1) unshuffle(block, typesize, target);
      else target.set(block);
    }),
  );
  return out;

  function blockAt(i: number): Uint8Array {
    const at = HEADER + 4 * i + 4 <= total ? view.getUint32(HEADER + 4 * i, true) : total;
    const end = at + 4 <= total ? at + 4 + view.getUint32(at, true) : Infinity;
    if (end > total) throw new CorruptData(`Block ${i} of a Blosc frame lies outside it`);
    return frame.subarray(at + 4, end);
  }
}

async function unpack(block: Uint8Array, length: number): Promise<Uint8Array> {
  if (block.length === length) return block;
  let bytes: Buffer;
  try {
    bytes = await decoder.decode(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
  } catch (cause) {
    throw new CorruptData(`A Blosc block cannot be decompressed: ${String(cause)}`, { cause });
  }
  if (bytes.length === length) return bytes;
  throw new CorruptData(`A Blosc block holds ${bytes.length} bytes, expected ${length}`);
}
