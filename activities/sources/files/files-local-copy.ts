import { createWriteStream, rmSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Capacity } from "../../../domain/errors.ts";
import { toDiskError } from "../../stores/disk-error.ts";
import { filesAt } from "./files-at.ts";
import { isS3 } from "./s3-path.ts";

/** A header is read, then the voxels: between the two the copy stays. */
const LINGER_MS = 60_000;
/** Bytes of the disk that a copy leaves free. */
const RESERVE = 256 * 1024 * 1024;

interface Copy {
  readonly folder: Promise<string>;
  users: number;
  timer?: NodeJS.Timeout;
}

/** By URL and version: a file that was repaired meanwhile is another one. */
const copies = new Map<string, Copy>();

/** What is left when the process ends goes with it. */
const folders = new Set<string>();
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Use a file that only a library with its own file access can read. A path is passed as it is; an
 * `s3://` object is first brought into the folder for temporary files, where it is shared with later
 * calls and removed a minute after the last. `Capacity` when the disk is too small for it.
 */
export async function withLocalCopy<T>(
  path: string,
  subject: string,
  signal: AbortSignal | undefined,
  use: (localPath: string) => Promise<T>,
): Promise<T> {
  const copy = await localCopy(path, subject, signal);
  try {
    return await use(copy.path);
  } finally {
    copy.release();
  }
}

/** The same for a generator, which calls `release` at its end. */
export async function localCopy(
  path: string,
  subject: string,
  signal?: AbortSignal,
): Promise<{ readonly path: string; release(): void }> {
  if (!isS3(path)) return { path, release: () => undefined };
  const key = `${path} ${await filesAt(path, subject).version(path, subject)}`;
  const copy = copies.get(key) ?? { folder: download(path, subject, signal), users: 0 };
  copies.set(key, copy);
  copy.users++;
  clearTimeout(copy.timer);
  try {
    return { path: join(await copy.folder, basename(path)), release: () => leave(key, copy) };
  } catch (error) {
    copies.delete(key);
    throw error;
  }
}

function leave(key: string, copy: Copy): void {
  copy.users--;
  if (copy.users > 0) return;
  copy.timer = setTimeout(() => {
    copies.delete(key);
    void copy.folder.then(remove);
  }, LINGER_MS);
  copy.timer.unref();
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Bring an object into a new folder, under its own name. */
async function download(
  path: string,
  subject: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const files = filesAt(path, subject);
  const size = await files.size(path, subject);
  const { bavail, bsize } = await statfs(tmpdir());
  const free = Math.max(0, bavail * bsize - RESERVE);
  if (size > free) {
    throw new Capacity(
      `${subject}: ${path} is read from a copy of ${size} bytes, but ${tmpdir()} has ${free} free; set TMPDIR to a larger disk`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "microtome-copy-"));
  folders.add(folder);
  const local = join(folder, basename(path));
  try {
    const bytes = Readable.from(files.stream(path, subject, { signal }), { objectMode: false });
    await pipeline(bytes, createWriteStream(local));
    return folder;
  } catch (error) {
    await remove(folder);
    throw toDiskError(error, local);
  }
}
