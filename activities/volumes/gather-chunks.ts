import type { Zyx } from "../../domain/volumes/shape.ts";
import { type Bits, bitsOf, type Part } from "./bits.ts";

/**
 * Copy a part of `grid`, one chunk deep and high, to the chunks that lie along it, the bytes of each
 * shuffled as Blosc wants them (all first bytes, then all second ones, …). What the part does not
 * reach is zero.
 *
 * Row by row across all chunks, because rows of voxels are long in memory and those of a chunk are
 * short; each row goes through a line of its own, where it begins at a whole word wherever it lay.
 *
 * @param shape of the grid, `[z, y, x]`
 * @param chunks bytes of each chunk along x, overwritten
 * @returns of each chunk, whether any bit is set
 */
export function gatherChunks(
  grid: Bits,
  shape: Zyx,
  { start, size }: Part,
  chunk: Zyx,
  chunks: readonly Uint8Array[],
): readonly boolean[] {
  const whole = chunk.every((n, axis) => size[axis]! % n === 0);
  if (!whole) for (const bytes of chunks) bytes.fill(0);
  const bytesEach = grid.BYTES_PER_ELEMENT;
  const memory = new ArrayBuffer(Math.ceil((size[2] * bytesEach) / 16) * 16);
  const line = bitsOf(memory, bytesEach);
  const fours = chunk[2] % 4 === 0;
  const spread = fours ? SPREAD[bytesEach]! : spreadAny(line);
  const words = new Int32Array(memory);
  const targets = chunks.map(
    (bytes) => new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2),
  );
  const any = new Int32Array(chunks.length);
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const from = ((start[0] + z) * shape[1] + start[1] + y) * shape[2] + start[2];
      line.set(grid.subarray(from, from + size[2]));
      const to = (z * chunk[1] + y) * chunk[2];
      for (let k = 0, x = 0; x < size[2]; k++, x += chunk[2]) {
        const count = Math.min(chunk[2], size[2] - x);
        any[k]! |= spread(words, x, targets[k]!, to, count, chunks[k]!);
      }
    }
  }
  return Array.from(any, (bits) => bits !== 0);
}

/**
 * Copies `count` voxels from place `from` of a line to place `to` of a chunk; the bits of all of
 * them. Four voxels at a time: what a line lacks to that is zero.
 */
type Spread = (
  line: Int32Array,
  from: number,
  chunk: Int32Array,
  to: number,
  count: number,
  bytes: Uint8Array,
) => number;

/** By bytes per voxel. */
const SPREAD: Partial<Record<number, Spread>> = { 1: spread1, 2: spread2, 4: spread4 };

function spread1(line: Int32Array, from: number, chunk: Int32Array, to: number, count: number) {
  let any = 0;
  let i = from >> 2;
  let o = to >> 2;
  for (const end = o + ((count + 3) >> 2); o < end; o++, i++) any |= chunk[o] = line[i]!;
  return any;
}

/** Two words in, a word of each byte out. */
function spread2(line: Int32Array, from: number, chunk: Int32Array, to: number, count: number) {
  const n = chunk.length >> 1;
  let any = 0;
  let i = from >> 1;
  let o = to >> 2;
  for (const end = o + ((count + 3) >> 2); o < end; o++, i += 2) {
    const p = line[i]!;
    const q = line[i + 1]!;
    any |= p | q;
    chunk[o] = (p & 0xff) | ((p >>> 8) & 0xff00) | ((q & 0xff) << 16) | ((q & 0xff0000) << 8);
    chunk[n + o] =
      ((p >>> 8) & 0xff) | ((p >>> 16) & 0xff00) | ((q & 0xff00) << 8) | (q & 0xff000000);
  }
  return any;
}

/** Four words in, a word of each byte out. */
function spread4(line: Int32Array, from: number, chunk: Int32Array, to: number, count: number) {
  const n = chunk.length >> 2;
  let any = 0;
  let i = from;
  let o = to >> 2;
  for (const end = o + ((count + 3) >> 2); o < end; o++, i += 4) {
    const a = line[i]!;
    const b = line[i + 1]!;
    const c = line[i + 2]!;
    const d = line[i + 3]!;
    any |= a | b | c | d;
    chunk[o] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
    chunk[n + o] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    chunk[2 * n + o] =
      ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    chunk[3 * n + o] =
      (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
  return any;
}

/** For chunks whose rows are no whole number of words: narrow arrays. */
function spreadAny(line: Bits): Spread {
  const size = line.BYTES_PER_ELEMENT;
  return (_line, from, _words, to, count, bytes) => {
    const n = bytes.length / size;
    let any = 0;
    for (let i = 0; i < count; i++) {
      const v = line[from + i]!;
      any |= v;
      for (let byte = 0; byte < size; byte++) bytes[byte * n + to + i] = v >>> (8 * byte);
    }
    return any;
  };
}
