import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Grid } from "../../domain/volumes/shape.ts";
import { encodeTiff } from "./encode-tiff.ts";

/** Name of slice `z` in a folder of slices: `s_0000.tif`, `s_0001.tif`, … */
export function sliceName(z: number): string {
  return `s_${String(z).padStart(4, "0")}.tif`;
}

/**
 * Write a grid as a folder of TIFF slices, which appears whole or not at all.
 *
 * Writes beside `folder` and renames; what was at `folder` is replaced. `pixelUm` is the side of a
 * voxel within the slice. Aborts between slices with the signal's reason.
 */
export async function writeSlices(
  folder: string,
  grid: Grid<Uint8Array> | Grid<Uint16Array>,
  pixelUm: number,
  signal: AbortSignal,
): Promise<void> {
  const [depth, height, width] = grid.shape;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    for (let z = 0; z < depth; z++) {
      signal.throwIfAborted();
      const data = grid.data.subarray(z * height * width, (z + 1) * height * width);
      await writeFile(join(partial, sliceName(z)), encodeTiff({ width, height, data, pixelUm }));
    }
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
