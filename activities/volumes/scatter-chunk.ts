import type { Zyx } from "../../domain/volumes/shape.ts";
import { type Bits, bitsOf, type Part } from "./bits.ts";

/**
 * The reverse of `gatherChunks`: copy a part of a chunk, whose bytes lie shuffled or as they are, to
 * a place in `grid`.
 *
 * @param bytes the chunk's bytes
 * @param from the part within the chunk
 * @param to where its first voxel goes in the grid, `[z, y, x]`
 */
export function scatterChunk(
  bytes: Uint8Array,
  shuffled: boolean,
  chunk: Zyx,
  { start, size }: Part,
  grid: Bits,
  shape: Zyx,
  to: Zyx,
): void {
  const scatter = pickScatter(bytes, shuffled, grid);
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const source = ((start[0] + z) * chunk[1] + start[1] + y) * chunk[2] + start[2];
      const target = ((to[0] + z) * shape[1] + to[1] + y) * shape[2] + to[2];
      scatter(source, target, size[2]);
    }
  }
}

type Scatter = (from: number, to: number, count: number) => void;

function pickScatter(bytes: Uint8Array, shuffled: boolean, grid: Bits): Scatter {
  if (grid instanceof Uint8Array) {
    return (from, to, count) => {
      for (let i = 0; i < count; i++) grid[to + i] = bytes[from + i]!;
    };
  }
  if (!shuffled) {
    const voxels = bitsOf(bytes.slice().buffer, grid.BYTES_PER_ELEMENT);
    return (from, to, count) => {
      for (let i = 0; i < count; i++) grid[to + i] = voxels[from + i]!;
    };
  }
  const n = bytes.length / grid.BYTES_PER_ELEMENT;
  if (grid instanceof Uint16Array) {
    return (from, to, count) => {
      for (let i = 0; i < count; i++) grid[to + i] = bytes[from + i]! | (bytes[n + from + i]! << 8);
    };
  }
  return (from, to, count) => {
    for (let i = from, o = to; i < from + count; i++, o++) {
      grid[o] =
        bytes[i]! | (bytes[n + i]! << 8) | (bytes[2 * n + i]! << 16) | (bytes[3 * n + i]! << 24);
    }
  };
}
