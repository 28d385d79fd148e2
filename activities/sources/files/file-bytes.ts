import { basename } from "node:path";
import { CorruptData } from "../../../domain/errors.ts";
import { filesAt } from "./files-at.ts";

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

/** Open a regular file, or an object of S3. @param opened the scan (and slice), for messages */
export async function openFile(path: string, opened: string): Promise<FileBytes> {
  const name = basename(path);
  const file = await filesAt(path, opened).open(path, opened);
  const { size } = file;

  // Checked before anything is allocated: lengths come out of headers that may be damaged.
  function check(offset: number, length: number, what: string, subject: string): void {
    if (offset >= 0 && length >= 0 && offset + length <= size) return;
    throw new CorruptData(
      `${subject} (${name}) is truncated: ${what} needs bytes ${offset}–${offset + length} but the file has ${size}`,
    );
  }

  async function readInto(target: Uint8Array, offset: number, what: string, subject = opened) {
    check(offset, target.length, what, subject);
    if (await file.fill(target, offset)) return;
    throw new CorruptData(`${subject} (${name}) shrank while it was read`);
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
    close: () => file.close(),
  };
}

/** The size of a regular file; `InvalidInput` for a pipe or a device, which might never end. */
export function fileSize(path: string, subject: string): Promise<number> {
  return filesAt(path, subject).size(path, subject);
}
