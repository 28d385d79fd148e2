import { viewVoxels } from "../../domain/volumes/dtype.ts";
import { type Downsampling, halvePlanes } from "../../domain/volumes/pyramid.ts";
import type { Dtype } from "../../domain/volumes/shape.ts";
import { voxelKernels } from "./kernels/voxel-kernels.ts";
import { regionBytes } from "./voxel-memory.ts";
import type { Slab } from "./slab.ts";

export interface HalveSlab {
  readonly from: Slab;
  /** Planes of `from` that hold something. */
  readonly planes: number;
  readonly to: Slab;
  /** The plane of `to` that the first two planes become. */
  readonly at: number;
  /** Which pairs of planes to do: half-open. */
  readonly pairs: readonly [lo: number, hi: number];
  readonly mode: Downsampling;
}

/** Downsample pairs of planes of one slab into planes of another: as `halvePlanes`, to the bit. */
export function halveSlab(input: HalveSlab): void {
  const { from, planes, to, at, pairs, mode } = input;
  const [, y, x] = from.shape;
  const halve = mode === "mean" ? meanByKernels(from, to) : undefined;
  const source = viewVoxels(from.dtype, regionBytes(from));
  const target = viewVoxels(to.dtype, regionBytes(to));
  const [area, half] = [y * x, to.shape[1] * to.shape[2]];
  for (let pair = pairs[0]; pair < pairs[1]; pair++) {
    const [a, b] = [2 * pair, 2 * pair + 1];
    const out = at + pair;
    if (halve !== undefined) halve(a, b < planes ? b : a, out);
    else {
      const plane = (z: number) => source.subarray(z * area, (z + 1) * area);
      const next = target.subarray(out * half, (out + 1) * half);
      halvePlanes(plane(a), b < planes ? plane(b) : undefined, y, x, next, mode);
    }
  }
}

/** Bytes of a row that the kernels take at a time. */
const BLOCK = 32;

const KERNELS: Partial<Record<Dtype, "halveU8" | "halveU16" | "halveS16" | "halveF32">> = {
  uint8: "halveU8",
  uint16: "halveU16",
  int16: "halveS16",
  float32: "halveF32",
};

/** The mean of planes `a` and `b` to plane `out`, in place; undefined where the kernels cannot. */
function meanByKernels(
  from: Slab,
  to: Slab,
): ((a: number, b: number, out: number) => void) | undefined {
  const [, y, x] = from.shape;
  const size = from.bytes / (from.shape[0] * y * x);
  const width = (x >> 1) * 2 * size;
  const name = KERNELS[from.dtype];
  if (name === undefined || width < BLOCK || from.arena === undefined) return undefined;
  if (to.arena?.id !== from.arena.id) return undefined;
  const kernels = voxelKernels(0, from.arena);
  if (kernels.arena !== from.arena.id) return undefined;
  const halve = kernels[name];
  const [pitch, next] = [x * size, to.shape[2] * size];
  const source = viewVoxels(from.dtype, regionBytes(from));
  const target = viewVoxels(to.dtype, regionBytes(to));
  const first = source.slice(0, y);
  const second = source.slice(0, y);
  const column = target.slice(0, to.shape[1]);
  return (a, b, out) => {
    const [atA, atB] = [a, b].map((z) => from.offset + z * y * pitch) as [number, number];
    halve(atA, atB, y, pitch, width, to.offset + out * to.shape[1] * next, next);
    if (x % 2 === 0) return;
    // The last voxels of the rows have no pair.
    for (let j = 0; j < y; j++) {
      first[j] = source[(a * y + j) * x + x - 1]!;
      second[j] = source[(b * y + j) * x + x - 1]!;
    }
    halvePlanes(first, second, y, 1, column, "mean");
    const last = out * to.shape[1] * to.shape[2] + to.shape[2] - 1;
    for (let j = 0; j < column.length; j++) target[last + j * to.shape[2]] = column[j]!;
  };
}
