import { CorruptData, UnsupportedFormat } from "../../domain/errors.ts";
import type { VoxelArray } from "../../domain/volumes/shape.ts";
import { toNative } from "./byte-order.ts";
import { bytesPerVoxel, viewVoxels } from "../../domain/volumes/dtype.ts";
import { type FileBytes, openFile } from "./file-bytes.ts";
import {
  type Directory,
  parseTiffLayout,
  readDirectory,
  type TiffLayout,
} from "./tiff-directory.ts";
import { describePage, pageBytes, TAG, type TiffPage } from "./tiff-page.ts";
import { readPlane } from "./tiff-plane.ts";
import { describeTiff, type TiffDescription } from "./tiff-resolution.ts";

/** An open TIFF file: how many planes it has, all of one size and type. Close it. */
export interface TiffFile {
  readonly file: FileBytes;
  readonly layout: TiffLayout;
  readonly page: TiffPage;
  readonly planes: number;
  readonly description: TiffDescription;
  /** @param subject names scan and slice, for messages */
  readPlane(index: number, subject: string): Promise<VoxelArray>;
}

/** Thumbnails and masks (bits 0 and 2 of the subfile type) are no slices. */
const NOT_A_SLICE = 5;

/** Open a TIFF file and walk its directories. Pixels are read later. @param subject names scan and slice, for messages */
export async function openTiffFile(path: string, subject: string): Promise<TiffFile> {
  const file = await openFile(path, subject);
  try {
    return await describe(file, subject);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function describe(file: FileBytes, subject: string): Promise<TiffFile> {
  const named = `${subject} (${file.name})`;
  if (file.size === 0) throw new CorruptData(`${named} is empty`);
  const layout = parseTiffLayout(await file.read(0, Math.min(16, file.size), "the header"));
  if (layout === undefined) {
    throw new CorruptData(`${named} is no TIFF file: it does not begin with II or MM and 42 or 43`);
  }
  const offsets = await findPages(file, layout, subject);
  const first = await readDirectory(file, layout, offsets[0]!, subject);
  const page = await describePage(first, named);
  const description = await describeTiff(first, named);
  const stacked = description.imagejPlanes ?? 1;
  // ImageJ writes one directory and then all planes behind each other.
  if (offsets.length === 1 && stacked > 1) {
    return {
      file,
      layout,
      page,
      description,
      ...(await openStack(file, layout, first, page, stacked, named)),
    };
  }
  return {
    file,
    layout,
    page,
    description,
    planes: offsets.length,
    async readPlane(index, subject) {
      const directory = await readDirectory(file, layout, offsets[index]!, subject);
      const here = await describePage(directory, `${subject} (${file.name})`);
      const [got, expected] = [sizeOf(here), sizeOf(page)];
      if (got !== expected) {
        throw new CorruptData(
          `${subject} (${file.name}) is ${got}, but its first page is ${expected}`,
        );
      }
      return readPlane(file, directory, here, layout.endian, subject);
    },
  };
}

/** Where every directory of a slice is. */
async function findPages(file: FileBytes, layout: TiffLayout, subject: string): Promise<number[]> {
  const all: number[] = [];
  const slices: number[] = [];
  const seen = new Set<number>();
  for (let offset = layout.first; offset !== 0;) {
    if (seen.has(offset)) {
      throw new CorruptData(
        `${subject} (${file.name}): its directories form a circle at byte ${offset}`,
      );
    }
    seen.add(offset);
    all.push(offset);
    const directory: Directory = await readDirectory(file, layout, offset, subject);
    const type = await directory.number(TAG.subfileType, 0);
    if ((type & NOT_A_SLICE) === 0) slices.push(offset);
    offset = directory.next;
  }
  if (all.length === 0) throw new CorruptData(`${subject} (${file.name}) holds no image`);
  return slices.length === 0 ? all : slices;
}

async function openStack(
  file: FileBytes,
  { endian }: TiffLayout,
  first: Directory,
  page: TiffPage,
  planes: number,
  named: string,
): Promise<Pick<TiffFile, "planes" | "readPlane">> {
  if (page.codec.name !== "none" || page.tiled) {
    throw new UnsupportedFormat(
      `${named} says ${planes} images but has one directory, and is ${page.codec.name === "none" ? "tiled" : "compressed"}`,
    );
  }
  const start = (await first.numbers(TAG.stripOffsets))?.[0] ?? 0;
  const bytes = pageBytes(page);
  if (start + planes * bytes > file.size) {
    throw new CorruptData(
      `${named} is truncated: ${planes} planes of ${bytes} bytes end at ${start + planes * bytes} but the file has ${file.size}`,
    );
  }
  return {
    planes,
    async readPlane(index, subject) {
      const plane = await file.read(start + index * bytes, bytes, "the image", subject);
      toNative(plane, bytesPerVoxel(page.dtype), endian);
      return viewVoxels(page.dtype, plane);
    },
  };
}

/** Size and type as a person says them. */
export function sizeOf({ width, height, dtype }: TiffPage): string {
  return `${height}x${width} ${dtype}`;
}
