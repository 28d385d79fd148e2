import { CorruptData } from "../../../domain/errors.ts";
import { bytesPerVoxel, viewVoxels } from "../../../domain/volumes/dtype.ts";
import type { VoxelArray } from "../../../domain/volumes/shape.ts";
import { type Endian, toNative } from "../byte-order.ts";
import type { FileBytes } from "../files/file-bytes.ts";
import type { Directory } from "./tiff-directory.ts";
import type { Extents } from "./tiff-extents.ts";
import { pageBytes, TAG, type TiffPage } from "./tiff-page.ts";
import { restorePixels } from "./tiff-predictor.ts";

/** More strips and tiles than the largest page has, in tiles of 16x16. */
const MAX_SEGMENTS = 2 ** 23;

/** Where the strips or tiles of a page lie in the file. */
interface Segments {
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

/**
 * Read and decode one page, `[height, width]`, in native byte order.
 *
 * @param into memory for it, used if it has the right length
 * @param extents what other pages take of the file; `CorruptData` when this one takes the same
 */
export async function readPlane(
  file: FileBytes,
  directory: Directory,
  page: TiffPage,
  endian: Endian,
  subject: string,
  extents?: Extents,
  into?: Uint8Array,
): Promise<VoxelArray> {
  const segments = await findSegments(file, directory, page, subject);
  if (extents !== undefined) claimSegments(extents, segments, page, `${subject} (${file.name})`);
  const plane = into?.length === pageBytes(page) ? into : new Uint8Array(pageBytes(page));
  const size = bytesPerVoxel(page.dtype);
  if (page.codec.name === "none" && !page.tiled && isContiguous(segments, plane.length)) {
    await file.readInto(plane, segments.offsets[0]!, "the image", subject);
    toNative(plane, size, endian);
    return viewVoxels(page.dtype, plane);
  }
  const across = Math.ceil(page.width / page.tileWidth);
  const tileRow = page.tileWidth * size;
  for (let i = 0; i < segments.offsets.length; i++) {
    const name = `${page.tiled ? "tile" : "strip"} ${i + 1}`;
    const [x0, y0] = [(i % across) * page.tileWidth, Math.floor(i / across) * page.tileHeight];
    const [columns, rows] = [
      Math.min(page.tileWidth, page.width - x0),
      Math.min(page.tileHeight, page.height - y0),
    ];
    const packed = await file.read(segments.offsets[i]!, segments.lengths[i]!, name, subject);
    const needed = page.tiled ? page.tileHeight * tileRow : rows * tileRow;
    const bytes = await decode(packed, page, needed, `${subject} (${file.name}): ${name}`);
    restorePixels(bytes, page.tileWidth, page.dtype, page.predictor, endian);
    for (let row = 0; row < rows; row++) {
      const from = row * tileRow;
      plane.set(bytes.subarray(from, from + columns * size), ((y0 + row) * page.width + x0) * size);
    }
  }
  return viewVoxels(page.dtype, plane);
}

async function findSegments(
  file: FileBytes,
  directory: Directory,
  page: TiffPage,
  subject: string,
): Promise<Segments> {
  const [offsetTag, lengthTag] = page.tiled
    ? [TAG.tileOffsets, TAG.tileBytes]
    : [TAG.stripOffsets, TAG.stripBytes];
  const count = Math.ceil(page.width / page.tileWidth) * Math.ceil(page.height / page.tileHeight);
  const [many, sizes] = [directory.count(offsetTag), directory.count(lengthTag)];
  // Some writers leave out the length of the only strip there is.
  const alone = page.codec.name === "none" && count === 1;
  // Compared before the lists are read: a damaged one may say that it has millions.
  if (many !== count || (sizes !== count && !(alone && sizes === 0)) || count > MAX_SEGMENTS) {
    throw new CorruptData(
      `${subject} (${file.name}) lists ${many} offsets and ${sizes} lengths, expected ${count} of each, at most ${MAX_SEGMENTS}`,
    );
  }
  const offsets = (await directory.integers(offsetTag)) ?? [];
  let lengths = (await directory.integers(lengthTag)) ?? [];
  if (alone && !lengths[0]) lengths = [pageBytes(page)];
  const total = lengths.reduce((sum, n) => sum + n, 0);
  if (total * page.codec.maxRatio < pageBytes(page)) {
    throw new CorruptData(
      `${subject} (${file.name}) is truncated: ${page.width}x${page.height} ${page.dtype} need ${pageBytes(page)} bytes but ${total} are stored (${page.codec.name})`,
    );
  }
  // Writers that say more than raw pixels need mean no harm; packed ones are hardly larger than raw.
  const raw = page.tileWidth * page.tileHeight * bytesPerVoxel(page.dtype);
  if (page.codec.name === "none") return { offsets, lengths: lengths.map((n) => Math.min(n, raw)) };
  const large = lengths.findIndex((n) => n > 2 * raw + 65536);
  if (large < 0) return { offsets, lengths };
  throw new CorruptData(
    `${subject} (${file.name}) says that ${page.tiled ? "tile" : "strip"} ${large + 1} takes ${lengths[large]} bytes, packed, for ${raw}`,
  );
}

function claimSegments(
  extents: Extents,
  { offsets, lengths }: Segments,
  page: TiffPage,
  named: string,
): void {
  for (let i = 0; i < offsets.length; i++) {
    const length = lengths[i]!;
    if (extents.claim(offsets[i]!, length)) continue;
    throw new CorruptData(
      `${named}: ${page.tiled ? "tile" : "strip"} ${i + 1} at bytes ${offsets[i]}–${offsets[i]! + length} overlaps another one, a directory or the header`,
    );
  }
}

/** Strips of raw pixels that follow each other without a gap. */
function isContiguous({ offsets, lengths }: Segments, bytes: number): boolean {
  let end = offsets[0]!;
  for (let i = 0; i < offsets.length; i++) {
    if (offsets[i] !== end) return false;
    end += lengths[i]!;
  }
  return end - offsets[0]! >= bytes;
}

async function decode(
  packed: Uint8Array,
  page: TiffPage,
  needed: number,
  subject: string,
): Promise<Uint8Array> {
  // Some writers pad the last strip to a full one.
  const limit = page.tileWidth * page.tileHeight * bytesPerVoxel(page.dtype);
  let bytes: Uint8Array;
  try {
    bytes = await page.codec.decode(packed, limit);
  } catch (cause) {
    throw new CorruptData(
      `${subject} cannot be decompressed (${page.codec.name}): ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  if (bytes.length < needed) {
    throw new CorruptData(
      `${subject} holds ${bytes.length} bytes, expected ${needed} (${page.codec.name})`,
    );
  }
  // Aligned and ours to change.
  return bytes.byteOffset % 4 === 0 && bytes.buffer.byteLength === bytes.byteLength
    ? bytes.subarray(0, needed)
    : new Uint8Array(bytes.subarray(0, needed));
}
