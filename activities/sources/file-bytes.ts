import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { CorruptData, InvalidInput, NotFound } from "../../domain/errors.ts";

/** An open file that answers reads, or says which bytes it lacks. */
export interface FileBytes {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  /**
   * Bytes `[offset, offset + length)`; `CorruptData` when the file ends before.
   *
   * @param what they are, for the message
   * @param subject the slice they belong to, where that is not the whole file
   */
  read(offset: number, length: number, what: string, subject?: string): Promise<Uint8Array>;
  /** The same into memory that is there already. */
  readInto(target: Uint8Array, offset: number, what: string, subject?: string): Promise<void>;
  close(): Promise<void>;
}

/** Open a regular file. @param opened the scan (and slice), for messages */
export async function openFile(path: string, opened: string): Promise<FileBytes> {
  const name = basename(path);
  const size = await fileSize(path, opened);
  const handle = await attempt(path, opened, () => open(path, "r"));

  // Checked before anything is allocated: lengths come out of headers that may be damaged.
  function check(offset: number, length: number, what: string, subject: string): void {
    if (offset >= 0 && length >= 0 && offset + length <= size) return;
    throw new CorruptData(
      `${subject} (${name}) is truncated: ${what} needs bytes ${offset}–${offset + length} but the file has ${size}`,
    );
  }

  async function readInto(target: Uint8Array, offset: number, what: string, subject = opened) {
    check(offset, target.length, what, subject);
    await fill(handle, target, offset, () => `${subject} (${name}) shrank while it was read`);
  }

  return {
    path,
    name,
    size,
    readInto,
    async read(offset, length, what, subject = opened) {
      check(offset, length, what, subject);
      const bytes = new Uint8Array(length);
      await readInto(bytes, offset, what, subject);
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** The size of a regular file; `InvalidInput` for a pipe or a device, which might never end. */
export async function fileSize(path: string, subject: string): Promise<number> {
  const info = await attempt(path, subject, () => stat(path));
  if (info.isFile()) return info.size;
  throw new InvalidInput(`${subject}: ${path} is not a regular file`);
}

async function fill(handle: FileHandle, target: Uint8Array, offset: number, shrank: () => string) {
  for (let at = 0; at < target.length;) {
    const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
    if (bytesRead === 0) throw new CorruptData(shrank());
    at += bytesRead;
  }
}

/** Run a file operation; what the system answers comes out as a domain error that names the path. */
export async function attempt<T>(
  path: string,
  subject: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ABORT_ERR") throw (error as Error).cause ?? error;
    if (code === undefined) throw error;
    const text = (error as Error).message;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new NotFound(`${subject}: there is no ${path}`, { cause: error });
    }
    if (code === "EACCES" || code === "EPERM") {
      throw new InvalidInput(`${subject}: ${path} may not be read: ${text}`, { cause: error });
    }
    if (code === "EIO") throw new CorruptData(`${subject}: ${path}: ${text}`, { cause: error });
    throw new InvalidInput(`${subject}: ${path} cannot be read: ${text}`, { cause: error });
  }
}
