import { createReadStream } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput } from "../../../domain/errors.ts";
import type { ByteRange } from "../../deps.ts";
import { resolveRange } from "../../stores/byte-range.ts";
import type { FileAccess, FileEntry, OpenFile, StreamFrom } from "./files-access.ts";
import { attempt } from "./files-attempt.ts";

const PART_BYTES = 1024 * 1024;

/** The files of this machine. */
export const localFiles: FileAccess = {
  async look(path) {
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) return undefined;
    return info.isFile() ? "file" : info.isDirectory() ? "folder" : "other";
  },
  size,
  version: (path, subject) =>
    attempt(path, subject, async () => {
      const { mtimeMs, ino, size } = await stat(path);
      return `${mtimeMs}-${ino}-${size}`;
    }),
  async open(path, subject) {
    // Asked before: opening a pipe would wait for somebody to write into it.
    const bytes = await size(path, subject);
    return attempt(path, subject, () => openLocal(path, bytes));
  },
  stream,
  list: (folder, subject) =>
    attempt(folder, subject, async () =>
      (await readdir(folder, { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? "folder" : "file",
      })),
    ),
  walk: (folder, subject) => attempt(folder, subject, () => walk(folder, "")),
  get: (path, subject, range) => attempt(path, subject, () => get(path, subject, range)),
};

/** `InvalidInput` for a pipe or a device, which might never end. */
async function size(path: string, subject: string): Promise<number> {
  const info = await attempt(path, subject, () => stat(path));
  if (info.isFile()) return info.size;
  throw notRegular(path, subject);
}

const notRegular = (path: string, subject: string) =>
  new InvalidInput(`${subject}: ${path} is not a regular file`);

async function openLocal(path: string, bytes: number): Promise<OpenFile> {
  const handle = await open(path, "r");
  return {
    size: bytes,
    async fill(target, offset) {
      for (let at = 0; at < target.length;) {
        const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
        if (bytesRead === 0) return false;
        at += bytesRead;
      }
      return true;
    },
    close: () => handle.close(),
  };
}

async function* stream(
  path: string,
  subject: string,
  { start, signal }: StreamFrom,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path, {
    highWaterMark: PART_BYTES,
    ...(start === undefined ? {} : { start }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    yield* file as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal?.throwIfAborted();
    await attempt(path, subject, () => Promise.reject(error as Error));
  } finally {
    file.destroy();
  }
}

/** Links count as what they point to: data sets under version control keep their chunks as links. */
async function walk(folder: string, below: string): Promise<FileEntry[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<FileEntry[]> => {
      const name = below + entry.name;
      if (entry.isDirectory()) return walk(folder, `${name}/`);
      const info = await stat(join(folder, name)).catch(() => undefined);
      return info?.isFile() === true ? [{ name, bytes: info.size }] : [];
    }),
  );
  return found.flat();
}

async function get(
  path: string,
  subject: string,
  range: ByteRange | undefined,
): Promise<Uint8Array | undefined> {
  const info = await stat(path).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  });
  if (info === undefined) return undefined;
  if (!info.isFile()) throw notRegular(path, subject);
  if (range === undefined) return new Uint8Array(await readFile(path));
  const file = await openLocal(path, info.size);
  try {
    const [start, end] = resolveRange(range, info.size);
    const bytes = new Uint8Array(end - start);
    await file.fill(bytes, start);
    return bytes;
  } finally {
    await file.close();
  }
}
