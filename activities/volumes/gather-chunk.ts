import type { Zyx } from "../../domain/volumes/shape.ts";

/** Voxels as bits: what is moved, whatever they mean. */
export type Bits = Uint8Array | Uint16Array | Uint32Array;

/** The bits of voxels of `size` bytes. */
export function bitsOf(buffer: ArrayBufferLike, size: number): Bits {
  if (size === 1) return new Uint8Array(buffer);
  return size === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}

/** A part of a grid of voxels: where it starts and how far it goes, `[z, y, x]`. */
export interface Part {
  readonly start: Zyx;
  readonly size: Zyx;
}

/**
 * Copy a part of `grid` to the beginning of a chunk, its bytes shuffled as Blosc wants them (all
 * first bytes, then all second ones, …). What the part does not reach is zero.
 *
 * @param shape of the grid, `[z, y, x]`
 * @param out the chunk's bytes, overwritten
 * @returns whether any bit is set
 */
export function gatherChunk(
  grid: Bits,
  shape: Zyx,
  { start, size }: Part,
  chunk: Zyx,
  out: Uint8Array,
): boolean {
  const whole = size[0] === chunk[0] && size[1] === chunk[1] && size[2] === chunk[2];
  if (!whole) out.fill(0);
  const gather = pickGather(grid, shape, start, size, chunk);
  let any = 0;
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const from = ((start[0] + z) * shape[1] + start[1] + y) * shape[2] + start[2];
      any |= gather(from, (z * chunk[1] + y) * chunk[2], size[2]);
    }
  }
  return any !== 0;

  function pickGather(g: Bits, [, , X]: Zyx, [, , x0]: Zyx, [, , nx]: Zyx, c: Zyx) {
    if (g instanceof Uint8Array) return rowsOf8(g, out);
    const even = nx % 4 === 0 && c[2] % 4 === 0;
    if (g instanceof Uint32Array) return even ? words32(g, out) : rowsOf32(g, out);
    const aligned = even && X % 2 === 0 && x0 % 2 === 0 && g.byteOffset % 4 === 0;
    return aligned ? words16(g, out) : rowsOf16(g, out);
  }
}

/** Copies `count` voxels of a row; bits of all of them. */
type Gather = (from: number, to: number, count: number) => number;

function rowsOf8(grid: Uint8Array, out: Uint8Array): Gather {
  return (from, to, count) => {
    let any = 0;
    for (let i = 0; i < count; i++) any |= out[to + i] = grid[from + i]!;
    return any;
  };
}

function rowsOf16(grid: Uint16Array, out: Uint8Array): Gather {
  const n = out.length / 2;
  return (from, to, count) => {
    let any = 0;
    for (let i = 0; i < count; i++) {
      const v = grid[from + i]!;
      any |= v;
      out[to + i] = v;
      out[n + to + i] = v >>> 8;
    }
    return any;
  };
}

function rowsOf32(grid: Uint32Array, out: Uint8Array): Gather {
  const n = out.length / 4;
  return (from, to, count) => {
    let any = 0;
    for (let i = 0; i < count; i++) {
      const v = grid[from + i]!;
      any |= v;
      out[to + i] = v;
      out[n + to + i] = v >>> 8;
      out[2 * n + to + i] = v >>> 16;
      out[3 * n + to + i] = v >>> 24;
    }
    return any;
  };
}

/** Four voxels at a time: two words in, one word of each byte out. Twice as fast as by bytes. */
function words16(grid: Uint16Array, out: Uint8Array): Gather {
  const words = new Uint32Array(grid.buffer, grid.byteOffset, grid.length >> 1);
  const to32 = new Uint32Array(out.buffer, out.byteOffset, out.length >> 2);
  const n = out.length >> 3;
  return (from, to, count) => {
    let any = 0;
    let w = from >> 1;
    const first = to >> 2;
    for (let i = first, end = first + (count >> 2); i < end; i++, w += 2) {
      const p = words[w]!;
      const q = words[w + 1]!;
      any |= p | q;
      to32[i] = (p & 0xff) | ((p >>> 8) & 0xff00) | ((q & 0xff) << 16) | ((q & 0xff0000) << 8);
      to32[n + i] =
        ((p >>> 8) & 0xff) | ((p >>> 16) & 0xff00) | ((q & 0xff00) << 8) | (q & 0xff000000);
    }
    return any;
  };
}

function words32(grid: Uint32Array, out: Uint8Array): Gather {
  const to32 = new Uint32Array(out.buffer, out.byteOffset, out.length >> 2);
  const n = out.length >> 4;
  return (from, to, count) => {
    let any = 0;
    let v = from;
    const first = to >> 2;
    for (let i = first, end = first + (count >> 2); i < end; i++, v += 4) {
      const [a, b, c, d] = [grid[v]!, grid[v + 1]!, grid[v + 2]!, grid[v + 3]!];
      any |= a | b | c | d;
      to32[i] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
      to32[n + i] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
      to32[2 * n + i] =
        ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
      to32[3 * n + i] =
        (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
    }
    return any;
  };
}
