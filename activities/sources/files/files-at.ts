import type { FileAccess } from "./files-access.ts";
import { localFiles } from "./files-local.ts";
import { s3FromEnvironment } from "./s3-from-environment.ts";
import { isS3 } from "./s3-path.ts";

/** Who reads a path: this machine's disk, or the S3 server that the environment names. */
export function filesAt(path: string, subject: string): FileAccess {
  return isS3(path) ? s3FromEnvironment(subject) : localFiles;
}
