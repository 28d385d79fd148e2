import { CorruptData } from "../../domain/errors.ts";
import { createVoxels } from "../../domain/volumes/dtype.ts";
import { type Box, type Dtype, type VoxelArray, type Zyx } from "../../domain/volumes/shape.ts";

export interface UncropSources {
  readonly shape: Zyx;
  readonly dtype: Dtype;
  /** Where the crop lies in the whole, of `shape`. */
  readonly region: Box;
  /** The crop's planes, in the order of z. */
  readonly crop: AsyncIterable<VoxelArray>;
  /** What the crop is called in errors. */
  readonly name: string;
}

/**
 * The planes of the whole volume, of its own voxels. `CorruptData` naming the first voxel where the
 * crop says otherwise: then one of the two is damaged, and neither can be trusted.
 */
export async function* comparedPlanes(
  { shape, region, crop, name }: UncropSources,
  whole: AsyncIterable<VoxelArray>,
): AsyncGenerator<VoxelArray, void, undefined> {
  const cropped = crop[Symbol.asyncIterator]();
  try {
    let z = 0;
    for await (const plane of whole) {
      if (z >= region[0][0] && z < region[0][1]) {
        const inside = await nextPlane(cropped, name);
        eachRow(shape, region, (y, at, from, length) => {
          const a = bytesOf(plane, at, length);
          const b = bytesOf(inside, from, length);
          if (Buffer.compare(a, b) === 0) return;
          let x = 0;
          const size = plane.BYTES_PER_ELEMENT;
          while (a.compare(b, x * size, (x + 1) * size, x * size, (x + 1) * size) === 0) x++;
          throw new CorruptData(
            `${name}: crop and whole volume differ at z ${z}, y ${y}, x ${region[2][0] + x}: ${inside[from + x]} in the crop, ${plane[at + x]} in the volume; \`microtome verify\` says which is damaged`,
          );
        });
      }
      yield plane;
      z++;
    }
  } finally {
    await cropped.return?.();
  }
}

/** The planes of the whole volume, the crop's voxels inside its region and one value around it. */
export async function* filledPlanes(
  { shape, dtype, region, crop, name }: UncropSources,
  value: number,
): AsyncGenerator<VoxelArray, void, undefined> {
  const cropped = crop[Symbol.asyncIterator]();
  try {
    for (let z = 0; z < shape[0]; z++) {
      const plane = createVoxels(dtype, shape[1] * shape[2]).fill(value);
      if (z >= region[0][0] && z < region[0][1]) {
        const inside = await nextPlane(cropped, name);
        eachRow(shape, region, (_, at, from, length) =>
          plane.set(inside.subarray(from, from + length), at),
        );
      }
      yield plane;
    }
  } finally {
    await cropped.return?.();
  }
}

/** Call back with every row of the region: its y, where it begins in the plane and in the crop's. */
function eachRow(
  [, , width]: Zyx,
  [, [y0, y1], [x0, x1]]: Box,
  row: (y: number, at: number, from: number, length: number) => void,
): void {
  for (let y = y0; y < y1; y++) row(y, y * width + x0, (y - y0) * (x1 - x0), x1 - x0);
}

async function nextPlane(planes: AsyncIterator<VoxelArray>, name: string): Promise<VoxelArray> {
  const next = await planes.next();
  if (next.done === true) throw new CorruptData(`${name}: the crop has too few planes`);
  return next.value;
}

function bytesOf(plane: VoxelArray, at: number, length: number): Buffer {
  const size = plane.BYTES_PER_ELEMENT;
  return Buffer.from(plane.buffer, plane.byteOffset + at * size, length * size);
}
