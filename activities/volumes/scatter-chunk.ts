import type { Zyx } from "../../domain/volumes/shape.ts";
import type { Bits, Part } from "./bits.ts";

/**
 * Copy a part of a chunk to a place in `grid`: the reverse of `gatherChunks`, for one chunk whose
 * bytes are in order.
 *
 * @param voxels of the whole chunk, of the grid's type
 * @param part within the chunk
 * @param to where its first voxel goes in the grid, `[z, y, x]`
 */
export function scatterChunk(
  voxels: Bits,
  chunk: Zyx,
  part: Part,
  grid: Bits,
  shape: Zyx,
  to: Zyx,
): void {
  // Rows that begin and end at whole words move a word at a time.
  const per = 4 / grid.BYTES_PER_ELEMENT;
  const xs = [chunk[2], part.start[2], part.size[2], shape[2], to[2]];
  if (!xs.every((x) => x % per === 0)) return copyRows(voxels, chunk, part, grid, shape, to);
  const inWords = ([z, y, x]: Zyx): Zyx => [z, y, x / per];
  const [source, target] = [words(voxels), words(grid)];
  const { start, size } = part;
  const wordPart = { start: inWords(start), size: inWords(size) };
  copyWords(source, inWords(chunk), wordPart, target, inWords(shape), inWords(to));
}

const words = ({ buffer, byteOffset, byteLength }: Bits) =>
  new Int32Array(buffer, byteOffset, byteLength >> 2);

/** Rows are short: a loop is faster than a view per row. */
function copyWords(
  from: Int32Array,
  chunk: Zyx,
  { start, size }: Part,
  grid: Int32Array,
  shape: Zyx,
  to: Zyx,
): void {
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      let s = ((start[0] + z) * chunk[1] + start[1] + y) * chunk[2] + start[2];
      let t = ((to[0] + z) * shape[1] + to[1] + y) * shape[2] + to[2];
      for (const end = s + size[2]; s < end; s++, t++) grid[t] = from[s]!;
    }
  }
}

/** The same for any alignment. Apart, so that the one that matters sees one type of array. */
function copyRows(
  from: Bits,
  chunk: Zyx,
  { start, size }: Part,
  grid: Bits,
  shape: Zyx,
  to: Zyx,
): void {
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      let s = ((start[0] + z) * chunk[1] + start[1] + y) * chunk[2] + start[2];
      let t = ((to[0] + z) * shape[1] + to[1] + y) * shape[2] + to[2];
      for (const end = s + size[2]; s < end; s++, t++) grid[t] = from[s]!;
    }
  }
}
