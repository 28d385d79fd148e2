import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Client } from "minio";
import { CorruptData, domainError, NotFound } from "../../../domain/errors.ts";
import { codeOf } from "../../stores/disk-failures.ts";
import { endpointUrl } from "../../stores/endpoint.ts";
import type { MinioOptions } from "../../stores/minio-client.ts";
import { isMissing, retrying, toStoreError } from "../../stores/minio-failures.ts";
import { parseS3 } from "./s3-path.ts";

/** An object as one answer showed it. */
export interface S3Object {
  readonly size: number;
  /** Differs when the object was written again. */
  readonly etag: string;
}

/** Ask for an object again while the server is unavailable; failures come out as domain errors. */
export type Repeat = <T>(url: string, subject: string, request: () => Promise<T>) => Promise<T>;

/** What `Repeat` does for the server of these options. */
export function createRepeat(options: Omit<MinioOptions, "bucket">): Repeat {
  const where = endpointUrl(options);
  const policy = { firstDelayMs: 200, giveUpAfterMs: options.giveUpAfterMs ?? 15_000 };
  return (url, subject, request) => {
    const { bucket } = parseS3(url, subject);
    const translate = (error: unknown) => {
      if (isMissing(error)) {
        return new NotFound(`${subject}: there is no ${url} at ${where}`, { cause: error });
      }
      const failure = toStoreError(error, where, bucket);
      // Said already by whoever threw it.
      if (failure === error) return failure;
      const named = domainError(failure.name, `${subject}: ${url}: ${failure.message}`) ?? failure;
      named.cause = error;
      return named;
    };
    return retrying(policy, translate, request);
  };
}

/** Part of an object: from `offset` to its end, or `length` bytes. */
export interface Range {
  readonly offset: number;
  readonly length?: number;
  /** The object as it was when it was first asked for. */
  readonly seen?: S3Object;
}

/**
 * Begin to receive a part of an object. The answer may end early: what it holds is for the caller to
 * count.
 *
 * `CorruptData` when the object is not the one that was seen before.
 */
export async function requestBytes(
  client: Client,
  url: string,
  subject: string,
  { offset, length = 0, seen }: Range,
): Promise<{ readonly body: Readable; readonly object: S3Object }> {
  const { bucket, key } = parseS3(url, subject);
  const changed = () => new CorruptData(`${subject}: ${url} was written again while it was read`);
  const body = await client
    .getPartialObject(bucket, key, offset, length)
    .catch((error: unknown) => {
      throw seen !== undefined && codeOf(error) === "InvalidRange" ? changed() : error;
    });
  // minio-js declares a mere stream, and gives what node:http gave it.
  const { headers } = body as IncomingMessage;
  const { etag = "", "content-range": part, "content-length": all } = headers;
  // As minio-js gives it for a HEAD: without quotes.
  const object = { etag: etag.replaceAll('"', ""), size: Number(part?.split("/")[1] ?? all) };
  if (seen === undefined || (seen.etag === object.etag && seen.size === object.size)) {
    return { body, object };
  }
  body.destroy();
  throw changed();
}

/** A standalone array of everything that comes; undefined unless it is `expected` bytes. */
export async function collect(
  body: AsyncIterable<Uint8Array>,
  expected: number,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(expected);
  let at = 0;
  for await (const part of body) {
    if (at + part.length > expected) return undefined;
    bytes.set(part, at);
    at += part.length;
  }
  return at === expected ? bytes : undefined;
}
