import type { Zyx } from "../../domain/volumes/shape.ts";
import { type Bits, bitsOf, type Part } from "./bits.ts";
import type { VoxelKernels } from "./kernels/voxel-kernels.ts";

/** Voxels that the kernels take at a time. */
const WIDTH = 16;

/** Bytes of the kernels' memory that gathering needs for itself, beside the chunks. */
export function gatherMemory(count: number, chunk: Zyx, bytesEach: number): number {
  return chunk[1] * count * chunk[2] * bytesEach;
}

/**
 * Copy a part of `grid`, one chunk deep and high, to the chunks that lie along it, the bytes of each
 * shuffled as Blosc wants them (all first bytes, then all second ones, …). What the part does not
 * reach is zero.
 *
 * A layer of all chunks goes through memory of its own: long rows are copied fast, and from there the
 * kernels take the short rows of each chunk.
 *
 * @param shape of the grid, `[z, y, x]`
 * @param chunks address of the chunks along x, which follow each other in the kernels' memory
 * @param layer address of `gatherMemory` bytes
 * @returns of each chunk, whether any bit is set
 */
export function gatherChunks(
  kernels: VoxelKernels,
  grid: Bits,
  shape: Zyx,
  { start, size }: Part,
  chunk: Zyx,
  chunks: number,
  count: number,
  layer: number,
): readonly boolean[] {
  const bytesEach = grid.BYTES_PER_ELEMENT;
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
  for (let z = 0; z < size[0]; z++) {
    const plane = ((start[0] + z) * shape[1] + start[1]) * shape[2] + start[2];
    if (size[2] === shape[2] && size[2] === row)
      lines.set(grid.subarray(plane, plane + size[1] * row));
    else {
      for (let y = 0, from = plane, to = 0; y < size[1]; y++, from += shape[2], to += row) {
        lines.set(grid.subarray(from, from + size[2]), to);
      }
    }
    for (let k = 0; k < count; k++) {
      const from = layer + k * chunk[2] * bytesEach;
      const to = chunks + k * voxels * bytesEach + z * chunk[1] * chunk[2];
      any[k]! |= split(from, row * bytesEach, size[1], chunk[2], to, voxels);
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
