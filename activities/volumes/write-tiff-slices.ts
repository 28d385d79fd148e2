import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ExportedVolume } from "./exported-volume.ts";
import { planeBytes } from "./plane-bytes.ts";
import { saveFile } from "./save-file.ts";
import { tiffLayout } from "./tiff-layout.ts";

/** Write a folder of `s_0000.tif`, `s_0001.tif`, …, one per plane. */
export async function writeTiffSlices(folder: string, volume: ExportedVolume): Promise<void> {
  const [depth, y, x] = volume.shape;
  const digits = Math.max(4, String(depth - 1).length);
  await mkdir(folder);
  let z = 0;
  for await (const plane of volume.planes) {
    volume.signal?.throwIfAborted();
    const { head, tail } = tiffLayout([1, y, x], volume.dtype, volume.voxelSizeUm);
    const path = join(folder, `s_${String(z++).padStart(digits, "0")}.tif`);
    const parts = [head, planeBytes(plane, "little"), ...tail];
    await saveFile(path, [Readable.from(parts, { objectMode: true })]);
  }
}
