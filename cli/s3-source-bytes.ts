import type { FileAccess } from "../activities/sources/files/files-access.ts";
import { createS3Files } from "../activities/sources/files/s3-files.ts";
import { matchS3 } from "../activities/sources/files/s3-match.ts";
import { readStoreSettings } from "../activities/settings.ts";
import { storeOptions } from "../activities/stores/store-options.ts";
import { NotFound } from "../domain/errors.ts";

/** Whoever waits for an answer sits at a terminal. */
const GIVE_UP_AFTER_MS = 1000;

/**
 * Bytes of what an `s3://` source names; undefined when nothing is there, 0 when nobody can tell: no
 * server is known, it does not answer, it refuses the keys. The workers may have other ones.
 */
export async function s3SourceBytes(source: string): Promise<number | undefined> {
  const settings = readStoreSettings(process.env, process.cwd());
  if (settings === undefined) return 0;
  const files = createS3Files({ ...storeOptions(settings), giveUpAfterMs: GIVE_UP_AFTER_MS });
  try {
    return await measure(files, source);
  } catch (error) {
    return error instanceof NotFound ? undefined : 0;
  }
}

async function measure(files: FileAccess, source: string): Promise<number | undefined> {
  const kind = await files.look(source, source);
  if (kind === "file") return files.size(source, source);
  const isPattern = kind === undefined && /[*?[{]/.test(source);
  if (kind === undefined && !isPattern) return undefined;
  const matched = isPattern ? await matchS3(files, source, source) : undefined;
  if (matched?.length === 0) return undefined;
  const folder = isPattern ? source.slice(0, source.lastIndexOf("/")) : source;
  const names = matched && new Set(matched.map((url) => url.slice(folder.length + 1)));
  const below = await files.walk(folder, source);
  return below
    .filter(({ name }) => names?.has(name) ?? true)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
