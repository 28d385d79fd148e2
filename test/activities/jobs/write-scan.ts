import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeTiff } from "../../../activities/phantoms/encode-tiff.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Box, Grid, Zyx } from "../../../domain/volumes/shape.ts";

/** A specimen of coarse texture in even noise, in 16 bits, and the box that it fills. */
export function blobScan(
  side: number,
  seed = 1,
): { readonly grid: Grid<Uint16Array>; readonly box: Box } {
  const random = createRandom(seed, "blob-scan");
  const box: Box = [[0.3, 0.62], [0.4, 0.8], [0.25, 0.6]] // prettier-ignore
    .map(([lo, hi]) => [Math.round(lo! * side), Math.round(hi! * side)]) as unknown as Box;
  const data = new Uint16Array(side ** 3);
  for (let i = 0; i < data.length; i++) {
    const at = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const inside = box.every(([lo, hi], axis) => lo <= at[axis]! && at[axis]! < hi);
    const texture = at.reduce((sum, v) => sum + (v >> 1), 0) % 2 === 0 ? 6000 : 3000;
    data[i] = 10_000 + (inside ? texture : 0) + Math.round(150 * random.normal());
  }
  return { grid: { shape: [side, side, side], data }, box };
}

/** A folder of TIFF slices. */
export async function writeTiffs(
  folder: string,
  { shape, data }: Grid,
  pixelUm = 5,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [depth, height, width] = shape;
  const area = height * width;
  for (let z = 0; z < depth; z++) {
    const plane = (data as Uint16Array).slice(z * area, (z + 1) * area);
    const name = `s_${String(z).padStart(4, "0")}.tif`;
    await writeFile(join(folder, name), encodeTiff({ width, height, data: plane, pixelUm }));
  }
}

/** Let `body` read a folder of slices that is gone afterwards: for hooks, where no test is running. */
export async function withTiffs(
  grid: Grid,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "microtome-test-"));
  try {
    await writeTiffs(folder, grid);
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NIFTI_TYPES = { Uint8Array: [2, 8], Int16Array: [4, 16], Uint16Array: [512, 16] } as const;

/** A single NIfTI-1 file, little-endian, in millimetres. @see nifti1.h */
export function niftiBytes(
  { shape, data }: Grid<Uint8Array | Int16Array | Uint16Array>,
  voxelMm: Zyx,
): Buffer {
  const [code, bits] = NIFTI_TYPES[data.constructor.name as keyof typeof NIFTI_TYPES];
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  [3, shape[2], shape[1], shape[0], 1, 1, 1, 1].forEach((n, i) =>
    header.writeInt16LE(n, 40 + 2 * i),
  );
  header.writeInt16LE(code, 70);
  header.writeInt16LE(bits, 72);
  [1, voxelMm[2], voxelMm[1], voxelMm[0]].forEach((v, i) => header.writeFloatLE(v, 76 + 4 * i));
  header.writeFloatLE(352, 108);
  header.writeUInt8(2, 123); // millimetres
  header.write("n+1\0", 344, "latin1");
  return Buffer.concat([header, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

/** The voxels of a box, by the definition of the layout. */
export function cut({ shape, data }: Grid, [z, y, x]: Box): Uint16Array {
  const out: number[] = [];
  for (let i = z[0]; i < z[1]; i++) {
    for (let j = y[0]; j < y[1]; j++) {
      for (let k = x[0]; k < x[1]; k++) out.push(data[(i * shape[1] + j) * shape[2] + k]!);
    }
  }
  return Uint16Array.from(out);
}
