import type { BucketItem, Client } from "minio";
import { parseS3 } from "./s3-path.ts";

/** An object below a prefix, or what its name has before the next `/`. */
export interface S3Entry {
  /** Relative to the prefix. */
  readonly name: string;
  readonly bytes: number;
  readonly folder: boolean;
}

/**
 * What lies below `url` as a folder.
 *
 * @param depth `all` objects, however deep; those of `one` folder, and its folders; or the `first` object
 */
export async function listObjects(
  client: Client,
  url: string,
  subject: string,
  depth: "all" | "one" | "first",
): Promise<readonly S3Entry[]> {
  const { bucket, key } = parseS3(url, subject);
  const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  const found: S3Entry[] = [];
  const stream = client.listObjectsV2(bucket, prefix, depth !== "one");
  for await (const item of stream as AsyncIterable<BucketItem>) {
    // A key of digits alone comes as a number.
    const name = String(item.prefix ?? item.name).slice(prefix.length);
    // Consoles make an empty object of the folder's own name.
    if (name !== "" && (item.prefix !== undefined || !name.endsWith("/"))) {
      const folder = item.prefix !== undefined;
      found.push({ name: name.replace(/\/$/, ""), bytes: item.size, folder });
    }
    if (depth === "first" && found.length > 0) break;
  }
  return found;
}
