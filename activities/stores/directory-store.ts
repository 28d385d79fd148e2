import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InvalidInput } from "../../domain/errors.ts";
import type { ObjectInfo, ObjectStore } from "../deps.ts";
import { resolveRange } from "./byte-range.ts";
import { codeOf, toStoreError } from "./disk-failures.ts";
import { checkKey, checkPrefix } from "./key.ts";

/** Files being written; never listed, never a key. */
const TEMPORARY = ".tmp";

/**
 * A store of plain files under `root`: key `a/b` is the file `root/a/b`.
 *
 * A file appears whole or not at all, also when the process is killed in between; a power cut may
 * lose what was written last. As in any file system, `a` and `a/b` cannot both be keys.
 */
export function createDirectoryStore({ root }: { readonly root: string }): ObjectStore {
  const base = resolve(root);
  const path = (key: string) => {
    if (checkKey(key).split("/")[0] !== TEMPORARY) return join(base, key);
    throw new InvalidInput(
      `Store key ${JSON.stringify(key)} begins with the reserved ${TEMPORARY}/`,
    );
  };

  /** Run `write` on a new file beside the final one, then `publish` it. */
  async function publish<T>(
    key: string,
    bytes: Uint8Array,
    step: (from: string, to: string) => Promise<T>,
  ) {
    const to = path(key);
    const from = join(base, TEMPORARY, randomUUID());
    try {
      await mkdir(dirname(from), { recursive: true });
      await writeWhole(from, bytes);
      await mkdir(dirname(to), { recursive: true });
      return await step(from, to);
    } catch (error) {
      throw toStoreError(error, `store ${key} in ${base}`);
    } finally {
      await rm(from, { force: true }).catch(() => undefined);
    }
  }

  /** What `read` gives, or undefined where there is no such file. */
  async function attempt<T>(
    key: string,
    read: (path: string) => Promise<T>,
  ): Promise<T | undefined> {
    const file = path(key);
    try {
      return await read(file);
    } catch (error) {
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes(codeOf(error))) return undefined;
      throw toStoreError(error, `read ${key} in ${base}`);
    }
  }

  return {
    url: path,
    get: (key) => attempt(key, readWhole),
    getRange: (key, range) =>
      attempt(key, async (file) => {
        const handle = await open(file);
        try {
          const info = await handle.stat();
          if (!info.isFile()) return undefined;
          const [start, end] = resolveRange(range, info.size);
          const bytes = new Uint8Array(end - start);
          const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
          return bytesRead === bytes.length ? bytes : bytes.slice(0, bytesRead);
        } finally {
          await handle.close();
        }
      }),
    put: (key, bytes) => publish(key, bytes, rename),
    putIfAbsent: (key, bytes) => publish(key, bytes, linkOrCopy),
    head: (key) =>
      attempt(key, async (file) => {
        const info = await stat(file);
        return info.isFile() ? { key, bytes: info.size } : undefined;
      }),
    list: (prefix) => walk(base, checkPrefix(prefix)),
    async delete(key) {
      try {
        await rm(path(key), { force: true });
      } catch (error) {
        // A folder is no key; a parent that is a file means that there is no such key.
        if (["ERR_FS_EISDIR", "EISDIR", "ENOTDIR"].includes(codeOf(error))) return;
        throw toStoreError(error, `delete ${key} in ${base}`);
      }
    },
  };
}

/** `writeFile` would go to the disk once per half a megabyte. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "wx");
  try {
    for (let at = 0; at < bytes.length;) {
      at += (await handle.write(bytes, at, Math.min(bytes.length - at, MAX_WRITE))).bytesWritten;
    }
  } finally {
    await handle.close();
  }
}

/** The system reads and writes no more at once. */
const MAX_READ = 2 ** 30;
const MAX_WRITE = MAX_READ;

/** False when `to` exists; atomic where the file system knows hard links. */
async function linkOrCopy(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to).catch((error: unknown) => {
      if (!["EPERM", "ENOTSUP", "ENOSYS", "EMLINK"].includes(codeOf(error))) throw error;
      return copyFile(from, to, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST" && (await stat(to)).isFile()) return false;
    throw error;
  }
}

/** Files below `base` whose key starts with `prefix`, in key order. */
async function* walk(base: string, prefix: string, folder = ""): AsyncIterable<ObjectInfo> {
  let entries;
  try {
    entries = await readdir(join(base, folder), { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw toStoreError(error, `list ${prefix} in ${base}`);
  }
  const names = entries
    .filter((entry) => entry.isFile() || (entry.isDirectory() && folder + entry.name !== TEMPORARY))
    // With its slash a folder sorts where its files do.
    .map((entry) => folder + entry.name + (entry.isDirectory() ? "/" : ""))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    if (name.endsWith("/")) {
      if (name.startsWith(prefix) || prefix.startsWith(name)) yield* walk(base, prefix, name);
    } else if (name.startsWith(prefix)) {
      const info = await stat(join(base, name)).catch(() => undefined); // deleted meanwhile
      if (info !== undefined) yield { key: name, bytes: info.size };
    }
  }
}

/** `readFile` would go to the disk once per half a megabyte. */
async function readWhole(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    let at = 0;
    while (at < bytes.length) {
      const length = Math.min(bytes.length - at, MAX_READ);
      const { bytesRead } = await handle.read(bytes, at, length, at);
      if (bytesRead === 0) break; // it shrank meanwhile
      at += bytesRead;
    }
    return at === bytes.length ? bytes : bytes.slice(0, at);
  } finally {
    await handle.close();
  }
}
