import { extname } from "node:path";
import { CorruptData, InvalidInput, UnsupportedFormat } from "../../domain/errors.ts";
import { openFile } from "./files/file-bytes.ts";
import { openCopied } from "./files/files-copied-source.ts";
import { openHdf5 } from "./hdf5/hdf5-source.ts";
import { locate, READ } from "./locate.ts";
import { openMetaImage } from "./metaimage/metaimage-source.ts";
import { openNifti } from "./nifti/nifti-source.ts";
import { openNrrd } from "./nrrd/nrrd-source.ts";
import { openOmeZarr } from "./zarr/ome-zarr-source.ts";
import { openRaw } from "./raw-source.ts";
import type { ScanSource, SourceSpec } from "./source.ts";
import { openTiffSlices } from "./tiff/tiff-slices.ts";
import { openTiff } from "./tiff/tiff-source.ts";

/** The beginnings of formats that are known and not read, and what they are called. */
const UNREAD = [
  ["\x89PNG", "PNG"],
  ["\xff\xd8\xff", "JPEG"],
  ["BM", "BMP"],
  ["PK\x03\x04", "a ZIP archive"],
  ["BZh", "bzip2"],
] as const;

/**
 * Find out what a source is, by what its files begin with, and read its header. Voxels are read by
 * `planes()`.
 *
 * @param baseDir what a relative source is relative to
 */
export async function openSource(spec: SourceSpec, baseDir: string): Promise<ScanSource> {
  const located = await locate(spec, baseDir);
  if (located.kind === "zarr") return openOmeZarr(spec, located.path);
  const paths = located.kind === "slices" ? located.paths : [located.path];
  if (spec.raw !== undefined) return openRaw(spec, spec.raw, paths);
  const path = paths[0]!;
  const format = await detect(path, spec.scan);
  if (located.kind === "slices") {
    if (format === "tiff") return openTiffSlices(spec, located.paths);
    throw new InvalidInput(
      `${spec.scan}: ${paths.length} files are only read as TIFF or raw slices, got ${path}`,
    );
  }
  switch (format) {
    case "tiff":
      return openTiff(spec, path);
    case "nifti":
      return openNifti(spec, path);
    case "nrrd":
      return openNrrd(spec, path);
    case "metaimage":
      return openMetaImage(spec, path);
    case "hdf5":
      return openCopied(spec, path, openHdf5);
  }
}

type SingleFile = "tiff" | "nifti" | "nrrd" | "metaimage" | "hdf5";

async function detect(path: string, scan: string): Promise<SingleFile> {
  const file = await openFile(path, scan);
  const start = await file
    .read(0, Math.min(16, file.size), "the header")
    .finally(() => file.close());
  const named = `${scan} (${file.name})`;
  if (file.size === 0) throw new CorruptData(`${named} is empty`);
  const text = Buffer.from(start).toString("latin1");
  const extension = extname(path).toLowerCase();
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return "tiff";
  if (text.startsWith("NRRD")) return "nrrd";
  if (text.startsWith("\x89HDF\r\n\x1a\n")) return "hdf5";
  if (/^\.(mha|mhd)$/.test(extension)) return "metaimage";
  // A file that others wrote something in front of (a user block) says HDF5 only by its name.
  if (/^\.(h5|hdf5?|nxs)$/.test(extension)) return "hdf5";
  if (
    /\.nii(\.gz)?$/i.test(path) ||
    /^(\x5c\x01\0\0|\0\0\x01\x5c|\x1c\x02\0\0|\0\0\x02\x1c)/.test(text)
  ) {
    return "nifti";
  }
  const unread = UNREAD.find(([mark]) => text.startsWith(mark))?.[1];
  if (unread !== undefined)
    throw new UnsupportedFormat(`${named} is ${unread}, which is not read; ${READ}`);
  if (/^\.(tiff?|tf8|btf|nrrd|nhdr)$/.test(extension)) {
    throw new CorruptData(
      `${named} is no ${extension.slice(1)} file: it begins with ${JSON.stringify(text.slice(0, 4))}`,
    );
  }
  throw new UnsupportedFormat(
    `${named} is in no format that is known; ${READ} (raw ones need their shape and dtype)`,
  );
}
