import { InvalidInput } from "../../../domain/errors.ts";
import { readStoreSettings } from "../../settings.ts";
import { storeOptions } from "../../stores/store-options.ts";
import type { FileAccess } from "./files-access.ts";
import { createS3Files } from "./s3-files.ts";

const servers = new Map<string, FileAccess>();

/**
 * The files of the server that also holds the store: `AWS_ENDPOINT_URL` and its keys, else the
 * local stack. One set of connections per process and server.
 */
export function s3FromEnvironment(subject: string): FileAccess {
  const settings = readStoreSettings(process.env, process.cwd());
  if (settings === undefined) {
    throw new InvalidInput(
      `${subject}: no server is known to read s3:// from; set AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  }
  const name = JSON.stringify(settings);
  const found = servers.get(name) ?? createS3Files(storeOptions(settings));
  servers.set(name, found);
  return found;
}
