import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { ExportedVolume } from "./exported-volume.ts";
import { niftiBytes } from "./nifti-bytes.ts";
import { nrrdText } from "./nrrd-text.ts";
import { planeBytes } from "./plane-bytes.ts";
import { saveFile } from "./save-file.ts";
import { tiffLayout } from "./tiff-layout.ts";

/** Fast: the voxels are noise to a great part, and better levels win little. */
const GZIP = { level: 1 };

/** Write `.nii.gz`: the source's dtype, order, affine and byte order. */
export async function writeNifti(path: string, volume: ExportedVolume): Promise<void> {
  const { header, endian } = niftiBytes(volume);
  await save(path, volume, [createGzip(GZIP)], async function* () {
    yield Buffer.from(header);
    for await (const plane of volume.planes) yield planeBytes(plane, endian);
  });
}

/** Write `.nrrd` with gzip voxels behind its header. */
export async function writeNrrd(path: string, volume: ExportedVolume): Promise<void> {
  await save(path, volume, [], async function* () {
    yield Buffer.from(nrrdText(volume), "latin1");
    async function* voxels() {
      for await (const plane of volume.planes) yield planeBytes(plane, "little");
    }
    // Only the voxels are compressed.
    const packed = createGzip(GZIP);
    const done = pipeline(Readable.from(voxels()), packed);
    done.catch(() => undefined);
    yield* packed as AsyncIterable<Buffer>;
    await done;
  });
}

/** Write `.tif`, a page per plane. */
export async function writeTiff(path: string, volume: ExportedVolume): Promise<void> {
  const { head, tail } = tiffLayout(volume.shape, volume.dtype, volume.voxelSizeUm);
  await save(path, volume, [], async function* () {
    yield head;
    for await (const plane of volume.planes) yield planeBytes(plane, "little");
    yield* tail;
  });
}

async function save(
  path: string,
  { signal }: ExportedVolume,
  transforms: readonly NodeJS.ReadWriteStream[],
  bytes: () => AsyncIterable<Buffer>,
): Promise<void> {
  const source = Readable.from(bytes(), { objectMode: true });
  await saveFile(path, [source, ...transforms], signal);
}
