import { basename } from "node:path";
import { Readable } from "node:stream";
import { createUnzip } from "node:zlib";
import { CorruptData } from "../../domain/errors.ts";
import { bytesPerVoxel, viewVoxels } from "../../domain/volumes/dtype.ts";
import type { Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import { type Endian, toNative } from "./byte-order.ts";
import { filesAt } from "./files/files-at.ts";
import { checkFinite } from "./plane-checks.ts";
import type { PlanePlace } from "./source.ts";

/** Where the planes of a volume lie: in one file after another, each with a header to skip. */
export interface PlaneLayout {
  /** For messages. */
  readonly scan: string;
  readonly files: readonly string[];
  readonly shape: Zyx;
  readonly dtype: Dtype;
  readonly endian: Endian;
  /** Bytes of every file before what is compressed. */
  readonly before?: number;
  /** Bytes to skip after that, after decompression. */
  readonly skip: number;
  /** Whether that is compressed: gzip or zlib, which their first bytes tell apart. */
  readonly gzip: boolean;
}

/** More than so much behind the last voxel is not padding. */
const MAX_REST = 64 * 1024 * 1024;

/** Deflate packs at most so many bytes into one. */
export const MAX_DEFLATE = 1032;

/** The planes of voxels that lie densely, x fastest. Memory: one plane and a few buffers. */
export async function* streamVoxels(
  layout: PlaneLayout,
  signal?: AbortSignal,
  place?: PlanePlace,
): AsyncGenerator<VoxelArray, void, undefined> {
  const { scan, shape, dtype, endian } = layout;
  const size = bytesPerVoxel(dtype);
  const planeBytes = shape[1] * shape[2] * size;
  let own: Uint8Array | undefined;
  const placeOf = (z: number) => place?.(z) ?? (own ??= new Uint8Array(planeBytes));
  let plane: Uint8Array | undefined;
  // A plane more is none of padding: then the header promises fewer voxels than there are.
  const most = Math.min(MAX_REST, planeBytes - 1);
  let filled = 0;
  let z = 0;
  for (const path of layout.files) {
    let skip = layout.skip;
    let rest = 0;
    for await (const part of bytesOf(path, layout, signal)) {
      let at = Math.min(skip, part.length);
      skip -= at;
      while (at < part.length && z < shape[0]) {
        const n = Math.min(planeBytes - filled, part.length - at);
        plane ??= placeOf(z);
        plane.set(part.subarray(at, at + n), filled);
        at += n;
        filled += n;
        if (filled < planeBytes) continue;
        toNative(plane, size, endian);
        const subject = `${scan}: plane ${z + 1} of ${shape[0]} (${basename(path)})`;
        yield checkFinite(viewVoxels(dtype, plane), shape[2], subject);
        plane = undefined;
        filled = 0;
        z++;
      }
      // Read on to the end: the checksum of a gzip file comes last.
      rest += part.length - at;
      if (rest > most || (rest > 0 && !layout.gzip)) break;
    }
    if (rest > most) {
      throw new CorruptData(
        `${scan} (${basename(path)}) goes on for ${rest} bytes or more after its last voxel`,
      );
    }
  }
  if (z < shape[0]) {
    const last = basename(layout.files.at(-1) ?? "");
    throw new CorruptData(
      `${scan} (${last}) is truncated: plane ${z + 1} of ${shape[0]} has ${filled} of ${planeBytes} bytes`,
    );
  }
}

async function* bytesOf(
  path: string,
  { scan, gzip, before: start = 0 }: PlaneLayout,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stored = filesAt(path, scan).stream(path, scan, { start, signal });
  if (!gzip) {
    yield* stored;
    return;
  }
  const file = Readable.from(stored, { objectMode: false });
  const gunzip = file.pipe(createUnzip({ chunkSize: 256 * 1024 }));
  file.once("error", (error) => gunzip.destroy(error));
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code?.startsWith("Z_") !== true) throw error;
    throw new CorruptData(
      `${scan} (${basename(path)}) is truncated or damaged: ${(error as Error).message}`,
      { cause: error },
    );
  } finally {
    gunzip.destroy();
    file.destroy();
  }
}

/**
 * `CorruptData` when the files cannot hold the voxels that their header promises. Compressed files
 * are only checked for sizes that no compression reaches: their end shows the rest.
 */
export function checkSize(layout: PlaneLayout, fileBytes: number): void {
  const { shape, dtype, before = 0, skip, gzip, files, scan } = layout;
  const needed = shape[0] * shape[1] * shape[2] * bytesPerVoxel(dtype) + skip * files.length;
  const voxelBytes = fileBytes - before * files.length;
  if (needed <= voxelBytes * (gzip ? MAX_DEFLATE : 1)) return;
  throw new CorruptData(
    `${scan} (${basename(files[0] ?? "")}) is truncated: [${shape}] voxels of ${dtype} need ${needed} bytes but the file has ${fileBytes}${gzip ? " compressed" : ""}`,
  );
}
