import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { CorruptData, InvalidInput, NotFound } from "../../domain/errors.ts";

/** An open file that answers reads, or says which bytes it lacks. */
export interface FileBytes {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  /** Bytes `[offset, offset + length)`; `CorruptData` when the file ends before. @param what they are, for the message */
  read(offset: number, length: number, what: string): Promise<Uint8Array>;
  /** The same into memory that is there already. */
  readInto(target: Uint8Array, offset: number, what: string): Promise<void>;
  close(): Promise<void>;
}

/** Open a regular file. @param subject the scan (and slice), for messages */
export async function openFile(path: string, subject: string): Promise<FileBytes> {
  const name = basename(path);
  const handle = await attempt(path, subject, () => open(path, "r"));
  const { size } = await handle.stat();

  async function readInto(target: Uint8Array, offset: number, what: string): Promise<void> {
    const end = offset + target.length;
    if (!(offset >= 0 && end <= size)) {
      throw new CorruptData(
        `${subject} (${name}) is truncated: ${what} needs bytes ${offset}–${end} but the file has ${size}`,
      );
    }
    await fill(handle, target, offset, () => `${subject} (${name}) shrank while it was read`);
  }

  return {
    path,
    name,
    size,
    readInto,
    async read(offset, length, what) {
      // Checked first: a length out of a damaged header is not to be allocated.
      if (!(length >= 0 && offset >= 0 && offset + length <= size)) {
        throw new CorruptData(
          `${subject} (${name}) is truncated: ${what} needs bytes ${offset}–${offset + length} but the file has ${size}`,
        );
      }
      const bytes = new Uint8Array(length);
      await readInto(bytes, offset, what);
      return bytes;
    },
    close: () => handle.close(),
  };
}

async function fill(handle: FileHandle, target: Uint8Array, offset: number, shrank: () => string) {
  for (let at = 0; at < target.length; ) {
    const { bytesRead } = await handle.read(target, at, target.length - at, offset + at);
    if (bytesRead === 0) throw new CorruptData(shrank());
    at += bytesRead;
  }
}

/** Run a file operation; what the system answers comes out as a domain error that names the path. */
export async function attempt<T>(path: string, subject: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
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
