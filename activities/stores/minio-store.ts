import type { ByteRange, ObjectInfo, ObjectStore } from "../deps.ts";
import { checkRange, resolveRange } from "./byte-range.ts";
import { codeOf } from "./disk-failures.ts";
import { endpointUrl } from "./endpoint.ts";
import { checkKey, checkPrefix } from "./key.ts";
import { createMinioClient, type MinioOptions, PART_BYTES } from "./minio-client.ts";
import { isMissing, retrying, toStoreError } from "./minio-failures.ts";

/**
 * A bucket of an S3 server. The bucket must exist: see `ensureBucket`.
 *
 * Lost connections, timeouts and 5xx answers are repeated for about 15 seconds before they become
 * `StoreUnavailable`.
 */
export function createMinioStore(options: MinioOptions): ObjectStore {
  const client = createMinioClient(options);
  const { bucket } = options;
  const repeat = repeater(options);

  const head = (key: string): Promise<ObjectInfo | undefined> =>
    repeat(() =>
      orMissing(async () => ({ key, bytes: (await client.statObject(bucket, key)).size })),
    );

  async function getRange(key: string, range: ByteRange): Promise<Uint8Array | undefined> {
    checkRange(range);
    let [start, end] = "offset" in range ? [range.offset, range.offset + range.length] : [0, 0];
    // minio-js knows no suffix ranges, and takes length 0 for "to the end".
    if (start === end) {
      const info = await head(key);
      if (info === undefined) return undefined;
      [start, end] = resolveRange(range, info.bytes);
      if (start === end) return new Uint8Array(0);
    }
    return repeat(() =>
      orMissing(async () => {
        try {
          return await concat(await client.getPartialObject(bucket, key, start, end - start));
        } catch (error) {
          if (codeOf(error) === "InvalidRange") return new Uint8Array(0);
          throw error;
        }
      }),
    );
  }

  async function putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    return repeat(async (failed) => {
      try {
        await client.putObject(bucket, key, toBuffer(bytes), bytes.length, {
          "If-None-Match": "*",
        });
        return true;
      } catch (error) {
        if (codeOf(error) !== "PreconditionFailed") throw error;
        // An attempt whose answer was lost may have been the one that stored it.
        return failed > 0 && sameBytes(bytes, await concat(await client.getObject(bucket, key)));
      }
    });
  }

  return {
    url: (key) => `s3://${bucket}/${key}`,
    get: async (key) => {
      checkKey(key);
      return repeat(() => orMissing(async () => concat(await client.getObject(bucket, key))));
    },
    getRange: async (key, range) => getRange(checkKey(key), range),
    put: async (key, bytes, sha256) => {
      checkKey(key);
      const { useSSL, accessKey, secretKey } = options;
      const signs = !useSSL && accessKey !== "" && secretKey !== "";
      await repeat(async () => {
        if (sha256 !== undefined && signs && bytes.length <= PART_BYTES)
          await putSigned(client, bucket, key, toBuffer(bytes), sha256);
        else await client.putObject(bucket, key, toBuffer(bytes), bytes.length);
      });
    },
    putIfAbsent: async (key, bytes) => putIfAbsent(checkKey(key), bytes),
    head: async (key) => head(checkKey(key)),
    async *list(prefix) {
      checkPrefix(prefix);
      let after = "";
      for (;;) {
        const page = await repeat(() => listPage(client, bucket, prefix, after));
        yield* page;
        if (page.length < PAGE) return;
        after = page.at(-1)!.key;
      }
    },
    delete: async (key) => {
      checkKey(key);
      await repeat(() => orMissing(() => client.removeObject(bucket, key)));
    },
  };
}

/**
 * What `putObject` does without TLS, which finds out sha256 and md5 of all bytes, on the main thread,
 * to sign the one and drop the other. The server compares what arrives with the digest.
 */
async function putSigned(
  client: ReturnType<typeof createMinioClient>,
  bucketName: string,
  objectName: string,
  bytes: Buffer,
  sha256: string,
): Promise<void> {
  const headers = { "Content-Type": "application/octet-stream", "Content-Length": bytes.length };
  const request = { method: "PUT", bucketName, objectName, headers };
  const answer = await client.makeRequestStreamAsync(request, bytes, sha256, [200], "");
  // Its connection is free again when all of it was read.
  await concat(answer as AsyncIterable<Uint8Array>);
}

/** Make the bucket if it is not there. */
export async function ensureBucket(options: MinioOptions): Promise<void> {
  const client = createMinioClient(options);
  await repeater(options)(async () => {
    if (await client.bucketExists(options.bucket)) return;
    try {
      await client.makeBucket(options.bucket, options.region ?? "us-east-1");
    } catch (error) {
      // Somebody else was faster.
      if (!["BucketAlreadyOwnedByYou", "BucketAlreadyExists"].includes(codeOf(error))) throw error;
    }
  });
}

const PAGE = 1000;

/** Up to `PAGE` objects after a key; a whole page at once, so that it can be asked for again. */
async function listPage(
  client: ReturnType<typeof createMinioClient>,
  bucket: string,
  prefix: string,
  after: string,
): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  const stream = client.listObjectsV2(bucket, prefix, true, after);
  for await (const item of stream as AsyncIterable<{ name?: unknown; size: number }>) {
    found.push({ key: String(item.name), bytes: item.size });
    if (found.length === PAGE) break;
  }
  return found;
}

function repeater(options: MinioOptions) {
  const where = endpointUrl(options);
  const policy = { firstDelayMs: 200, giveUpAfterMs: options.giveUpAfterMs ?? 15_000 };
  return <T>(request: (failed: number) => Promise<T>) =>
    retrying(policy, (error) => toStoreError(error, where, options.bucket), request);
}

async function orMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A standalone array of everything a stream holds. */
async function concat(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const toBuffer = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
