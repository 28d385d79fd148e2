import type { Zyx } from "../../domain/volumes/shape.ts";
import { bitsOf, type Part } from "./bits.ts";
import type { VoxelKernels } from "./kernels/voxel-kernels.ts";
import type { Slab } from "./slab.ts";

/** Voxels that the kernels take at a time. */
const WIDTH = 16;

/** Bytes of the kernels' memory that gathering needs for itself, beside the chunks. */
export function gatherMemory(count: number, chunk: Zyx, bytesEach: number): number {
  return chunk[1] * count * chunk[2] * bytesEach;
}

/**
 * Copy a part of a slab, one chunk deep and high, to the chunks that lie along it, the bytes of each
 * shuffled as Blosc wants them (all first bytes, then all second ones, …). What the part does not
 * reach is zero.
 *
 * The kernels take whole rows of chunks out of the slab where it lies in their memory. Others go
 * through memory of their own, layer by layer: long rows are copied fast.
 *
 * @param chunks address of the chunks along x, which follow each other in the kernels' memory
 * @param layer address of `gatherMemory` bytes
 * @returns of each chunk, whether any bit is set
 */
export function gatherChunks(
  kernels: VoxelKernels,
  slab: Slab,
  { start, size }: Part,
  chunk: Zyx,
  chunks: number,
  count: number,
  layer: number,
): readonly boolean[] {
  const { shape } = slab;
  const bytesEach = slab.bytes / (shape[0] * shape[1] * shape[2]);
  const grid = bitsOf(slab.buffer, bytesEach);
  const voxels = chunk[0] * chunk[1] * chunk[2];
  const row = count * chunk[2];
  const lines = bitsOf(kernels.memory, bytesEach).subarray(
    layer / bytesEach,
    layer / bytesEach + chunk[1] * row,
  );
  const whole = chunk[0] === size[0] && chunk[1] === size[1] && row === size[2];
  if (!whole) {
    lines.fill(0);
    new Uint8Array(kernels.memory, chunks, count * voxels * bytesEach).fill(0);
  }
  const split = chunk[2] % WIDTH === 0 ? splitOf(kernels, bytesEach) : slowly(kernels, bytesEach);
  const any = new Int32Array(count);
  const inPlace = slab.arena !== undefined && slab.arena.id === kernels.arena;
  const direct = inPlace ? Math.floor(size[2] / chunk[2]) : 0;
  const copied = direct * chunk[2];
  for (let z = 0; z < size[0]; z++) {
    const first = ((start[0] + z) * shape[1] + start[1]) * shape[2] + start[2];
    const plane = slab.offset / bytesEach + first;
    if (copied === size[2]) {
      // Nothing is left to copy.
    } else if (!inPlace && size[2] === shape[2] && size[2] === row)
      lines.set(grid.subarray(plane, plane + size[1] * row));
    else {
      for (let y = 0, from = plane, to = 0; y < size[1]; y++, from += shape[2], to += row) {
        lines.set(grid.subarray(from + copied, from + size[2]), to + copied);
      }
    }
    for (let k = 0; k < count; k++) {
      const [from, pitch] =
        k < direct
          ? [(plane + k * chunk[2]) * bytesEach, shape[2] * bytesEach]
          : [layer + k * chunk[2] * bytesEach, row * bytesEach];
      const to = chunks + k * voxels * bytesEach + z * chunk[1] * chunk[2];
      any[k]! |= split(from, pitch, size[1], chunk[2], to, voxels);
    }
  }
  return Array.from(any, (bits) => bits !== 0);
}

function splitOf(
  { split1, split2, split4 }: VoxelKernels,
  bytesEach: number,
): VoxelKernels["split1"] {
  return bytesEach === 1 ? split1 : bytesEach === 2 ? split2 : split4;
}

/** For chunks whose rows are too short for the kernels: narrow arrays. */
function slowly({ memory }: VoxelKernels, bytesEach: number): VoxelKernels["split1"] {
  const bytes = new Uint8Array(memory);
  return (from, pitch, rows, width, to, apart) => {
    let any = 0;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < width; x++, to++) {
        for (let byte = 0; byte < bytesEach; byte++) {
          any |= bytes[to + byte * apart] = bytes[from + y * pitch + x * bytesEach + byte]!;
        }
      }
    }
    return any;
  };
}
