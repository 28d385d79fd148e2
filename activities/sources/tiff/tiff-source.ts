import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import { checkFinite } from "../plane-checks.ts";
import type { PlanePlace, ScanSource, SourceSpec } from "../source.ts";
import { checkSpacing } from "../voxel-size/spacing-check.ts";
import { openTiffFile } from "./tiff-file.ts";
import { pageBytes } from "./tiff-page.ts";

/** A TIFF file with a page per slice: classic or BigTIFF, ImageJ's and OME's included. */
export async function openTiff(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan } = spec;
  const { file, layout, page, planes, description } = await openTiffFile(path, scan);
  await file.close();
  const named = `${scan} (${file.name})`;
  checkSpacing(description.badSpacing, spec, named);
  // A file of an OME set describes the whole set: alone it is a part of a scan.
  const { SizeZ = planes, misplaced } = description.pixels ?? {};
  if (SizeZ !== planes) {
    throw new CorruptData(
      `${named} says SizeZ=${SizeZ} in its OME description, but has ${planes} pages`,
    );
  }
  if (misplaced !== undefined) {
    throw new UnsupportedFormat(
      `${named} says in its OME description that ${misplaced}, expected the planes in order`,
    );
  }
  const shape: Zyx = [planes, page.height, page.width];
  return {
    format: "tiff",
    shape,
    dtype: page.dtype,
    voxelSizeUm: description.voxelSizeUm,
    files: [path],
    origin: { format: "tiff", endian: layout.endian, ...description.origin },
    async *planes(signal, place?: PlanePlace) {
      const tiff = await openTiffFile(path, scan);
      let memory: Uint8Array | undefined;
      try {
        for (let z = 0; z < planes; z++) {
          signal?.throwIfAborted();
          const subject = `${scan}: slice ${z + 1} of ${planes}`;
          const into = place?.(z) ?? (memory ??= new Uint8Array(pageBytes(page)));
          const plane = await tiff.readPlane(z, subject, into);
          yield checkFinite(plane, page.width, `${subject} (${file.name})`);
        }
      } finally {
        await tiff.file.close();
      }
    },
  };
}
