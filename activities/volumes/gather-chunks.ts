import type { Zyx } from "../../domain/volumes/shape.ts";
import type { Bits, Part } from "./bits.ts";

/**
 * Copy a part of `grid`, one chunk deep and high, to the chunks that lie along it, the bytes of each
 * shuffled as Blosc wants them (all first bytes, then all second ones, …). What the part does not
 * reach is zero.
 *
 * A row of chunks at a time, because rows of voxels are long in memory and those of a chunk are
 * short: read across all chunks, they come at more than twice the speed.
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
  const gather = pickGather(grid, shape[2], start[2], size[2], chunk[2]);
  const targets = chunks.map((bytes) => gather.target(bytes));
  const any = new Int32Array(chunks.length);
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const from = ((start[0] + z) * shape[1] + start[1] + y) * shape[2] + start[2];
      const to = (z * chunk[1] + y) * chunk[2];
      for (let k = 0, x = 0; x < size[2]; k++, x += chunk[2]) {
        any[k]! |= gather.row(from + x, targets[k]!, to, Math.min(chunk[2], size[2] - x));
      }
    }
  }
  return Array.from(any, (bits) => bits !== 0);
}

/** How rows of voxels are copied. */
interface Gather<T> {
  /** How it sees the bytes of a chunk. */
  target(bytes: Uint8Array): T;
  /** Copy `count` voxels from one place to another; the bits of all of them. */
  row(from: number, target: T, to: number, count: number): number;
}

function pickGather(grid: Bits, width: number, x0: number, nx: number, cx: number) {
  if (grid instanceof Uint8Array) return bytes8(grid) as Gather<never>;
  const fours = nx % 4 === 0 && cx % 4 === 0;
  if (grid instanceof Uint32Array) {
    return (fours ? fours32(grid) : voxels32(grid)) as Gather<never>;
  }
  const aligned = width % 2 === 0 && x0 % 2 === 0;
  return (fours && aligned ? fours16(grid) : voxels16(grid)) as Gather<never>;
}

const words = (bytes: Uint8Array) =>
  new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);

function bytes8(grid: Uint8Array): Gather<Uint8Array> {
  return {
    target: (bytes) => bytes,
    row(from, target, to, count) {
      let any = 0;
      for (const end = to + count; to < end; to++, from++) any |= target[to] = grid[from]!;
      return any;
    },
  };
}

function voxels16(grid: Uint16Array): Gather<Uint8Array> {
  return {
    target: (bytes) => bytes,
    row(from, target, to, count) {
      const n = target.length >> 1;
      let any = 0;
      for (const end = to + count; to < end; to++, from++) {
        const v = grid[from]!;
        any |= v;
        target[to] = v;
        target[n + to] = v >>> 8;
      }
      return any;
    },
  };
}

function voxels32(grid: Uint32Array): Gather<Uint8Array> {
  return {
    target: (bytes) => bytes,
    row(from, target, to, count) {
      const n = target.length >> 2;
      let any = 0;
      for (const end = to + count; to < end; to++, from++) {
        const v = grid[from]!;
        any |= v;
        target[to] = v;
        target[n + to] = v >>> 8;
        target[2 * n + to] = v >>> 16;
        target[3 * n + to] = v >>> 24;
      }
      return any;
    },
  };
}

/** Four voxels at a time: two words in, a word of each byte out. */
function fours16(grid: Uint16Array): Gather<Int32Array> {
  const source = new Int32Array(grid.buffer, grid.byteOffset, grid.length >> 1);
  return {
    target: words,
    row(from, target, to, count) {
      const n = target.length >> 1;
      let any = 0;
      let w = from >> 1;
      let o = to >> 2;
      for (const end = o + (count >> 2); o < end; o++, w += 2) {
        const p = source[w]!;
        const q = source[w + 1]!;
        any |= p | q;
        target[o] = (p & 0xff) | ((p >>> 8) & 0xff00) | ((q & 0xff) << 16) | ((q & 0xff0000) << 8);
        target[n + o] =
          ((p >>> 8) & 0xff) | ((p >>> 16) & 0xff00) | ((q & 0xff00) << 8) | (q & 0xff000000);
      }
      return any;
    },
  };
}

/** Four voxels at a time: four words in, a word of each byte out. */
function fours32(grid: Uint32Array): Gather<Int32Array> {
  const source = new Int32Array(grid.buffer, grid.byteOffset, grid.length);
  return {
    target: words,
    row(from, target, to, count) {
      const n = target.length >> 2;
      let any = 0;
      let o = to >> 2;
      for (const end = o + (count >> 2); o < end; o++, from += 4) {
        const a = source[from]!;
        const b = source[from + 1]!;
        const c = source[from + 2]!;
        const d = source[from + 3]!;
        any |= a | b | c | d;
        target[o] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
        target[n + o] =
          ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
        target[2 * n + o] =
          ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
        target[3 * n + o] =
          (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
      }
      return any;
    },
  };
}
