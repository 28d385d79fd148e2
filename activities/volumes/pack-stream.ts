import { Encoder } from "@toondepauw/node-zstd";
import { codeLengths } from "./huffman/code-lengths.ts";
import { frameMemory, huffmanFrame, huffmanMemory } from "./huffman/huffman-frame.ts";
import { HUFFMAN, type VoxelKernels } from "./kernels/voxel-kernels.ts";

/** Bytes of a stream that are tried to see what it is like, and at how many places of it. */
const SAMPLE = 8192;
const PLACES = 8;
/** What does not get shorter than this is noise, and left as it is. */
const NOISE = 0.98;
/** Codes may be longer than zstd's sample by so much, for they are made and read several times as fast. */
const WORTH_SEARCHING = 1.2;
/** Every so many bytes, so many are counted: not always at the same place of a row of voxels. */
const COUNT_EVERY = 2304;
const COUNTED = 256;

const encoder = new Encoder(1);
const samples = Buffer.alloc(SAMPLE);

/**
 * A stream of bytes compressed, as a view that lasts until the kernels are used again: a zstd frame,
 * or the stream itself where that is no shorter. The same bytes always give the same.
 *
 * Most streams out of scans are noise whose bytes are not equally frequent. There the search for
 * repetitions is nearly all of zstd's time and gains little: they get a frame of Huffman codes alone,
 * in a third of the time. Samples tell which: zstd's length of them against the code's.
 *
 * @param at address of the stream in the kernels' memory, behind `packMemory` of it
 * @param out address where the view begins if it can: of `frameMemory` bytes, which may be spoilt
 */
export function packStream(
  kernels: VoxelKernels,
  at: number,
  length: number,
  out = kernels.base + HUFFMAN.out,
): Uint8Array {
  const stream = new Uint8Array(kernels.memory, at, length);
  const packed = length < 16 * SAMPLE ? zstd(stream) : packLong(kernels, at, stream, out);
  return packed !== undefined && packed.length < length ? packed : stream;
}

export { frameMemory, huffmanMemory as packMemory };

/** Undefined for noise. */
function packLong(
  kernels: VoxelKernels,
  at: number,
  stream: Uint8Array,
  out: number,
): Uint8Array | undefined {
  const piece = SAMPLE / PLACES;
  const step = (stream.length / PLACES) & ~3;
  const first = (step >> 1) & ~3;
  for (let i = 0, from = first; i < PLACES; i++, from += step) {
    samples.set(stream.subarray(from, from + piece), i * piece);
  }
  const repeated = zstd(samples).length / SAMPLE;
  const sampled = countBytes(kernels, at + first, step, PLACES, piece);
  const least = entropy(sampled) / SAMPLE;
  if (Math.min(least, repeated) > NOISE) {
    // Samples may all lie in the noisy part of a stream.
    return isNoise(kernels, at, stream.length) ? undefined : zstd(stream);
  }
  if (least > WORTH_SEARCHING * repeated) return zstd(stream);
  const lengths = lengthsFor(kernels, at, stream.length);
  if (lengths === undefined) return zstd(stream);
  let bits = 0;
  for (let byte = 0; byte < 256; byte++) bits += lengths[byte]! * sampled[byte]!;
  if (bits / (8 * SAMPLE) > WORTH_SEARCHING * repeated) return zstd(stream);
  return huffmanFrame(kernels, at, stream.length, lengths, out) ?? zstd(stream);
}

/** Whether what is counted all along a stream is as noisy as the samples were. */
function isNoise(kernels: VoxelKernels, at: number, length: number): boolean {
  const pieces = piecesOf(length);
  const counts = countBytes(kernels, at, COUNT_EVERY, pieces, COUNTED);
  return entropy(counts) > NOISE * pieces * COUNTED;
}

const piecesOf = (length: number) => 1 + Math.floor((length - COUNTED) / COUNT_EVERY);

const zstd = (bytes: Uint8Array) =>
  encoder.encodeSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));

/** How often each byte occurs in `pieces` of `length` bytes (a multiple of 4), one every `step` bytes. */
function countBytes(
  kernels: VoxelKernels,
  from: number,
  step: number,
  pieces: number,
  length: number,
): Int32Array {
  const to = kernels.base + HUFFMAN.counts;
  const tables = new Int32Array(kernels.memory, to, 4 * 256).fill(0);
  for (let i = 0; i < pieces; i++) kernels.count(from + i * step, length, to);
  const counts = new Int32Array(256);
  for (let i = 0; i < tables.length; i++) counts[i & 255]! += tables[i]!;
  return counts;
}

/** Bytes that a perfect code needs for what was counted. */
function entropy(counts: Int32Array): number {
  let [total, bits] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i]!;
    if (n > 0) bits -= n * Math.log2(n);
    total += n;
  }
  return (bits + total * Math.log2(total)) / 8;
}

/**
 * A code for all of a stream, made of a part of it: every byte between the least and the greatest gets
 * one. Undefined where all are the same.
 */
function lengthsFor(kernels: VoxelKernels, at: number, length: number): Uint8Array | undefined {
  const counts = countBytes(kernels, at, COUNT_EVERY, piecesOf(length), COUNTED);
  const range = kernels.base + HUFFMAN.range;
  kernels.range(at, length & ~15, range);
  const ends = new Uint8Array(kernels.memory, range, 32);
  const rest = new Uint8Array(kernels.memory, at + (length & ~15), length & 15);
  const low = Math.min(...ends.subarray(0, 16), ...rest);
  const high = Math.max(...ends.subarray(16), ...rest);
  if (low === high) return undefined;
  for (let byte = low; byte <= high; byte++) counts[byte]!++;
  return codeLengths(counts);
}
