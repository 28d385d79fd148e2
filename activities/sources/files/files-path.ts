import { dirname, join, posix } from "node:path";
import { isS3 } from "./s3-path.ts";

/** A file in a folder, or below it. Of `s3://` `join` alone would leave one slash. */
export function joinPath(folder: string, name: string): string {
  return isS3(folder)
    ? `${folder.replace(/\/$/, "")}/${posix.normalize(name)}`
    : join(folder, name);
}

/** A file beside another. */
export function besidePath(path: string, name: string): string {
  return joinPath(dirname(path), name);
}
