import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/**
 * Run bytes through transforms into a new file. When this has ended, well or not, nothing is done to
 * the file any more: a failure may come before the system has even opened it.
 */
export async function saveFile(
  path: string,
  streams: readonly (NodeJS.ReadableStream | NodeJS.ReadWriteStream)[],
  signal?: AbortSignal,
): Promise<void> {
  const file = createWriteStream(path);
  const closed = new Promise<void>((resolve) => void file.once("close", resolve));
  try {
    await pipeline([...streams, file], signal === undefined ? {} : { signal });
  } finally {
    file.destroy();
    await closed;
  }
}
