import { InvalidInput } from "../../../domain/errors.ts";

/** A bucket, and a key in it; "" is all of the bucket. */
export interface S3Path {
  readonly bucket: string;
  readonly key: string;
}

/** Whether a path names something on an S3 server. */
export const isS3 = (path: string) => /^s3:\/\//i.test(path);

/**
 * Take `s3://bucket/key` apart. The key is taken letter by letter: nothing in it is percent-encoded.
 * `InvalidInput` for what is no bucket's name, and for `.` and `..`, which a server may resolve.
 */
export function parseS3(url: string, subject: string): S3Path {
  const [bucket = "", ...segments] = url.slice("s3://".length).split("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new InvalidInput(
      `${subject}: ${url} names no bucket: expected s3://bucket/key, got bucket ${JSON.stringify(bucket)}`,
    );
  }
  const key = segments.join("/");
  const bad = segments.find((segment) => segment === "." || segment === "..");
  if (bad !== undefined) throw new InvalidInput(`${subject}: ${url} has a segment ${bad}`);
  if (/[\u0000-\u001f\u007f]|\p{Surrogate}/u.test(key)) {
    throw new InvalidInput(`${subject}: ${JSON.stringify(url)} is no key of S3`);
  }
  return { bucket, key };
}
