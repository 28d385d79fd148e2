import { HUFFMAN, type VoxelKernels } from "../kernels/voxel-kernels.ts";
import { huffmanCodes, huffmanTree } from "./huffman-tree.ts";

/** The most bytes that a zstd block may hold. */
const BLOCK = 131_072;
const FRAME_HEADER = 9;
const BLOCK_HEADER = 3;
const LITERALS_HEADER = 5;
const RAW = 0;
const COMPRESSED = 2;

/** Bytes of the kernels' memory that `huffmanFrame` needs for a stream of `length` bytes; more are the caller's. */
export function huffmanMemory(length: number): number {
  return HUFFMAN.out + frameMemory(length);
}

/** Bytes that are written at most for a frame of a stream of `length` bytes: 11 bits for each, and headers. */
export function frameMemory(length: number): number {
  return Math.ceil(length * 1.5) + 4096;
}

/**
 * A stream as a zstd frame of literals only, by one Huffman code for all of it: for noise, in which
 * zstd searches in vain for repetitions, and then stores what little it found larger.
 *
 * @param at address of the stream in the kernels' memory, behind `huffmanMemory` of it
 * @param length its bytes: at least 4096
 * @param lengths a complete code in which every byte of the stream has one
 * @param out address of the frame: `frameMemory` bytes, of the kernels' memory or anybody's. Default:
 *   `HUFFMAN.out`, where 8 more are allowed
 * @returns a view of the kernels' memory, until it is used again; undefined if zstd has no
 *   description of the code
 * @see RFC 8878, 3.1.1
 */
export function huffmanFrame(
  kernels: VoxelKernels,
  at: number,
  length: number,
  lengths: Uint8Array,
  out: number = kernels.base + HUFFMAN.out,
): Uint8Array | undefined {
  const tree = huffmanTree(lengths);
  if (tree === undefined) return undefined;
  const { memory, base } = kernels;
  huffmanCodes(lengths, new Int32Array(memory, base + HUFFMAN.codes, 256));
  const [low, high] = [lengths.findIndex(occurs), lengths.findLastIndex(occurs)];
  kernels.pairCodes(base + HUFFMAN.codes, low, high, base + HUFFMAN.pairs);
  const bytes = new Uint8Array(memory);
  const view = new DataView(memory);
  // Magic number; one segment, its length in four bytes, no checksum.
  view.setUint32(out, 0xfd2fb528, true);
  view.setUint8(out + 4, 0xa0);
  view.setUint32(out + 5, length, true);
  let to = out + FRAME_HEADER;
  let described = false;
  const most = Math.ceil(length / Math.ceil(length / BLOCK));
  for (let from = 0; from < length; from += most) {
    const size = Math.min(most, length - from);
    const last = from + size === length ? 1 : 0;
    const start = to + BLOCK_HEADER + LITERALS_HEADER;
    // The first block describes the code, the others use it again.
    const before = described ? 0 : tree.length;
    if (!described) bytes.set(tree, start);
    const literals = before + writeStreams(kernels, view, at + from, size, start + before);
    if (LITERALS_HEADER + literals + 1 >= size) {
      // Here the code, made for all of the stream, does not fit.
      writeBlockHeader(view, to, last | (RAW << 1) | (size << 3));
      bytes.copyWithin(to + BLOCK_HEADER, at + from, at + from + size);
      to += BLOCK_HEADER + size;
      continue;
    }
    writeBlockHeader(view, to, last | (COMPRESSED << 1) | ((LITERALS_HEADER + literals + 1) << 3));
    // Four streams; both lengths in 18 bits.
    const type = described ? 3n : 2n;
    const header = type | 12n | (BigInt(size) << 4n) | (BigInt(literals) << 22n);
    view.setUint32(to + BLOCK_HEADER, Number(header & 0xffffffffn), true);
    view.setUint8(to + BLOCK_HEADER + 4, Number(header >> 32n));
    described = true;
    to = start + literals;
    view.setUint8(to++, 0); // no sequences
  }
  return bytes.subarray(out, to);
}

function writeBlockHeader(view: DataView, at: number, header: number): void {
  view.setUint16(at, header & 0xffff, true);
  view.setUint8(at + 2, header >>> 16);
}

const occurs = (length: number) => length > 0;

/** Four streams, each a quarter, behind the lengths of the first three; returns the bytes of all that. */
function writeStreams(
  kernels: VoxelKernels,
  view: DataView,
  from: number,
  size: number,
  to: number,
): number {
  const quarter = (size + 3) >> 2;
  let end = to + 6;
  for (let i = 0; i < 4; i++) {
    const count = Math.min(quarter, size - i * quarter);
    const [codes, pairs] = [kernels.base + HUFFMAN.codes, kernels.base + HUFFMAN.pairs];
    const next = kernels.encode(from + i * quarter, count, codes, pairs, end) >>> 0;
    if (i < 3) view.setUint16(to + 2 * i, next - end, true);
    end = next;
  }
  return end - to;
}
