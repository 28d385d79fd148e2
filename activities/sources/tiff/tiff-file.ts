import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { VoxelArray } from "../../../domain/volumes/shape.ts";
import { toNative } from "../byte-order.ts";
import { bytesPerVoxel, viewVoxels } from "../../../domain/volumes/dtype.ts";
import { type FileBytes, openFile } from "../files/file-bytes.ts";
import {
  type Directory,
  parseTiffLayout,
  readDirectory,
  type TiffLayout,
} from "./tiff-directory.ts";
import { createExtents, type Extents } from "./tiff-extents.ts";
import { describePage, describeSize, pageBytes, TAG, type TiffPage } from "./tiff-page.ts";
import { readPlane } from "./tiff-plane.ts";
import { checkDescribedPages, describeTiff, type TiffDescription } from "./tiff-description.ts";
import { createWindow } from "./tiff-window.ts";

/** An open TIFF file: how many planes it has, all of one size and type. Close it. */
export interface TiffFile {
  readonly file: FileBytes;
  readonly layout: TiffLayout;
  readonly page: TiffPage;
  readonly planes: number;
  readonly description: TiffDescription;
  /** @param subject names scan and slice, for messages */
  readPlane(index: number, subject: string, into?: Uint8Array): Promise<VoxelArray>;
}

/** Thumbnails and masks (bits 0 and 2 of the subfile type) are no slices. */
const NOT_A_SLICE = 5;

/** More are no scan, and take long to walk. */
const MAX_PAGES = 100_000;

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
  const extents = createExtents();
  extents.claim(0, layout.big ? 16 : 8);
  const offsets = await findPages(file, layout, extents, subject);
  const first = await readDirectory(file, layout, offsets[0]!, subject);
  const page = await describePage(first, named);
  const description = await describeTiff(first, named);
  checkDescribedPages(description, page, offsets.length, named);
  const stacked = description.planes ?? 1;
  // ImageJ writes one directory and then all planes behind each other.
  if (offsets.length === 1 && stacked > 1) {
    return {
      file,
      layout,
      page,
      description,
      ...(await openStack(file, layout, first, page, stacked, extents, named)),
    };
  }
  // A page that is read again takes its own bytes again.
  const claimed = new Set<number>();
  return {
    file,
    layout,
    page,
    description,
    planes: offsets.length,
    async readPlane(index, subject, into) {
      const directory = await readDirectory(file, layout, offsets[index]!, subject);
      const here = await describePage(directory, `${subject} (${file.name})`);
      const [got, expected] = [describeSize(here), describeSize(page)];
      if (got !== expected) {
        throw new CorruptData(
          `${subject} (${file.name}) is ${got}, but its first page is ${expected}`,
        );
      }
      const claim = claimed.has(index) ? undefined : extents;
      claimed.add(index);
      return readPlane(file, directory, here, layout.endian, subject, claim, into);
    },
  };
}

/** Where every directory of a slice is. Takes the bytes of all of them. */
async function findPages(
  file: FileBytes,
  layout: TiffLayout,
  extents: Extents,
  subject: string,
): Promise<number[]> {
  const named = `${subject} (${file.name})`;
  const all: number[] = [];
  const slices: number[] = [];
  const lengths: number[] = [];
  const seen = new Set<number>();
  const near = createWindow(file);
  for (let offset = layout.first; offset !== 0;) {
    if (seen.has(offset)) {
      throw new CorruptData(`${named}: its directories form a circle at byte ${offset}`);
    }
    if (all.length === MAX_PAGES) {
      throw new UnsupportedFormat(`${named} has more than ${MAX_PAGES} pages`);
    }
    seen.add(offset);
    all.push(offset);
    const directory: Directory = await readDirectory(near, layout, offset, subject);
    lengths.push(directory.bytes);
    const type = await directory.integer(TAG.subfileType, 0);
    if ((type & NOT_A_SLICE) === 0) slices.push(offset);
    offset = directory.next;
  }
  if (all.length === 0) throw new CorruptData(`${named} holds no image`);
  // From front to back, which is fast, whichever way the chain runs.
  for (const i of [...all.keys()].sort((a, b) => all[a]! - all[b]!)) {
    if (extents.claim(all[i]!, lengths[i]!)) continue;
    throw new CorruptData(
      `${named}: its directory at byte ${all[i]} overlaps its header or another directory`,
    );
  }
  return slices.length === 0 ? all : slices;
}

async function openStack(
  file: FileBytes,
  { endian }: TiffLayout,
  first: Directory,
  page: TiffPage,
  planes: number,
  extents: Extents,
  named: string,
): Promise<Pick<TiffFile, "planes" | "readPlane">> {
  if (page.codec.name !== "none" || page.tiled) {
    throw new UnsupportedFormat(
      `${named} says ${planes} images but has one directory, and is ${page.codec.name === "none" ? "tiled" : "compressed"}`,
    );
  }
  const start = await first.integer(TAG.stripOffsets, 0);
  const bytes = pageBytes(page);
  if (start + planes * bytes > file.size) {
    throw new CorruptData(
      `${named} is truncated: ${planes} planes of ${bytes} bytes end at ${start + planes * bytes} but the file has ${file.size}`,
    );
  }
  if (!extents.claim(start, planes * bytes)) {
    throw new CorruptData(
      `${named}: its ${planes} planes from byte ${start} overlap its header or its directory`,
    );
  }
  return {
    planes,
    async readPlane(index, subject, into) {
      const plane = into?.length === bytes ? into : new Uint8Array(bytes);
      await file.readInto(plane, start + index * bytes, "the image", subject);
      toNative(plane, bytesPerVoxel(page.dtype), endian);
      return viewVoxels(page.dtype, plane);
    },
  };
}
