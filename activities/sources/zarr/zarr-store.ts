import type { AbsolutePath, AsyncReadable, GetOptions, RangeQuery } from "zarrita";
import { CorruptData, NotFound } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import { filesAt } from "../files/files-at.ts";
import { joinPath } from "../files/files-path.ts";
import type { ZarrArray } from "./zarr-array.ts";

/** What a compressor may add to bytes that it cannot shrink. */
const OVERHEAD = 1024 ** 2;

/**
 * What zarrita needs of the objects of one array. It is only asked for chunks that are there: one
 * that is gone by now is `NotFound`, not a chunk of fill value. `CorruptData` for one that is longer
 * than it could ever be.
 *
 * @param subject the scan and the array, for messages
 */
export function createChunkStore(array: ZarrArray, subject: string, scan: string): AsyncReadable {
  const { node, chunk, dtype, indexFirst } = array;
  const files = filesAt(node.path, scan);
  const bytes = chunk.reduce((a, b) => a * b, bytesPerVoxel(dtype));
  const limit = bytes + Math.ceil(bytes / 64) + OVERHEAD;

  async function get(key: AbsolutePath, range: RangeQuery): Promise<Uint8Array> {
    const path = joinPath(node.path, key.slice(1));
    const found = await files.get(path, scan, range);
    if (found !== undefined) return found;
    throw new NotFound(`${scan}: ${path} was removed while the array was read`);
  }

  return {
    async get(key: AbsolutePath, options?: GetOptions) {
      options?.signal?.throwIfAborted();
      const found = await get(key, { offset: 0, length: limit });
      if (found.length < limit) return found;
      throw new CorruptData(
        `${subject}: ${key.slice(1)} has ${limit} or more bytes, expected ${bytes}`,
      );
    },
    async getRange(key: AbsolutePath, range: RangeQuery, options?: GetOptions) {
      options?.signal?.throwIfAborted();
      if ("suffixLength" in range) {
        // zarrita looks for the index of a shard at its end only.
        return get(key, indexFirst ? { offset: 0, length: range.suffixLength } : range);
      }
      if (Number.isSafeInteger(range.offset) && range.length < limit) return get(key, range);
      throw new CorruptData(
        `${subject}: the index of the shard ${key.slice(1)} names ${range.length} bytes at ${range.offset}, expected up to ${bytes}`,
      );
    },
  };
}
