import { InvalidInput, NotFound, StoreUnavailable } from "../../../domain/errors.ts";
import type { ByteRange } from "../../deps.ts";
import { checkRange } from "../../stores/byte-range.ts";
import { codeOf } from "../../stores/disk-failures.ts";
import { createMinioClient, type MinioOptions } from "../../stores/minio-client.ts";
import { isMissing } from "../../stores/minio-failures.ts";
import type { FileAccess, FileKind, OpenFile } from "./files-access.ts";
import { createBlockReader } from "./remote-blocks.ts";
import { listObjects } from "./s3-list.ts";
import { parseS3 } from "./s3-path.ts";
import { collect, createRepeat, type Range, requestBytes, type S3Object } from "./s3-requests.ts";
import { streamObject } from "./s3-stream.ts";

/** So much of an object comes with the answer how large it is. */
const FIRST = 64 * 1024;

/**
 * The objects of an S3 server as files; `/` in their keys makes folders. Lost connections, timeouts
 * and 5xx answers are repeated for about 15 seconds. An object that is written again while it is
 * read is `CorruptData`.
 */
export function createS3Files(options: Omit<MinioOptions, "bucket">): FileAccess {
  const client = createMinioClient({ ...options, bucket: "" });
  const repeat = createRepeat(options);

  const head = (url: string, subject: string): Promise<S3Object> =>
    repeat(url, subject, async () => {
      const { bucket, key } = parseS3(url, subject);
      if (key === "") throw new InvalidInput(`${subject}: ${url} is a bucket, expected an object`);
      const { size, etag } = await client.statObject(bucket, key);
      return { size, etag };
    });

  /** A range, cut at the object's end; no `object` where the range lies behind it. */
  const fetch = (url: string, subject: string, range: Range & { readonly length: number }) =>
    repeat(url, subject, async () => {
      try {
        const { body, object } = await requestBytes(client, url, subject, range);
        const expected = Math.max(0, Math.min(range.length, object.size - range.offset));
        const bytes = await collect(body, expected);
        if (bytes !== undefined) return { bytes, object };
        throw new StoreUnavailable(
          `${subject}: ${url} was cut off: not all of ${expected} bytes came`,
        );
      } catch (error) {
        if (codeOf(error) !== "InvalidRange") throw error;
        return { bytes: new Uint8Array(0), object: undefined };
      }
    });

  async function open(url: string, subject: string): Promise<OpenFile> {
    const { bytes: first, object } = await fetch(url, subject, { offset: 0, length: FIRST });
    const seen = object ?? (await head(url, subject));
    const read = createBlockReader(
      seen.size,
      first,
      async (offset, length) => (await fetch(url, subject, { offset, length, seen })).bytes,
    );
    return {
      size: seen.size,
      async fill(target, offset) {
        if (offset + target.length > seen.size) return false;
        await read(target, offset);
        return true;
      },
      close: () => Promise.resolve(),
    };
  }

  async function look(url: string, subject: string): Promise<FileKind | undefined> {
    const { key } = parseS3(url, subject);
    const isObject = key !== "" && !key.endsWith("/");
    if (isObject && (await orMissing(head(url, subject))) !== undefined) return "file";
    const below = await repeat(url, subject, () => listObjects(client, url, subject, "first"));
    return below.length > 0 ? "folder" : undefined;
  }

  async function get(url: string, subject: string, range?: ByteRange) {
    if (range !== undefined) checkRange(range);
    if (range !== undefined && "offset" in range) {
      const { offset, length } = range;
      if (length === 0) return new Uint8Array(0);
      return (await fetch(url, subject, { offset, length })).bytes;
    }
    // minio-js knows no suffix ranges.
    const seen = await head(url, subject);
    const length = Math.min(seen.size, range?.suffixLength ?? seen.size);
    if (length === 0) return new Uint8Array(0);
    return (await fetch(url, subject, { offset: seen.size - length, length, seen })).bytes;
  }

  return {
    look,
    size: async (url, subject) => (await head(url, subject)).size,
    version: async (url, subject) => (await head(url, subject)).etag,
    open,
    async *stream(url, subject, from) {
      const object = await head(url, subject);
      yield* streamObject(client, repeat, url, subject, object, from);
    },
    list: (folder, subject) =>
      repeat(folder, subject, async () =>
        (await listObjects(client, folder, subject, "one")).map((entry) => ({
          name: entry.name,
          kind: entry.folder ? "folder" : "file",
        })),
      ),
    walk: (folder, subject) =>
      repeat(folder, subject, () => listObjects(client, folder, subject, "all")),
    get: (url, subject, range) => orMissing(get(url, subject, range)),
  };
}

/** Undefined for an object that is not there; a bucket that is not there is still an error. */
async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof NotFound && isMissing(error.cause)) return undefined;
    throw error;
  }
}
