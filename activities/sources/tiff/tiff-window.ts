import type { FileBytes } from "../files/file-bytes.ts";

/** A slice of its own needs one small look, a stack of thousands is looked at again and again. */
const FIRST = 4 * 1024;
const WINDOW = 64 * 1024;

/**
 * A file seen through the last piece that was read, of up to 64 KiB: directories lie close together, and a stack
 * has thousands. Large reads go past it.
 */
export function createWindow(file: FileBytes): Pick<FileBytes, "name" | "size" | "read"> {
  let start = 0;
  let bytes: Uint8Array = new Uint8Array(0);
  let next = FIRST;
  return {
    name: file.name,
    size: file.size,
    async read(offset, length, what, subject) {
      const wanted = offset + length;
      const outside = !(offset >= 0) || wanted > file.size;
      if (outside || length > WINDOW / 4) return file.read(offset, length, what, subject);
      if (offset < start || wanted > start + bytes.length) {
        // Some of it before: chains run backwards, too.
        const size = Math.max(next, 4 * length);
        start = Math.max(0, Math.min(offset - size / 4, file.size - size));
        bytes = await file.read(start, Math.min(size, file.size - start), what, subject);
        next = Math.min(WINDOW, 2 * size);
      }
      return bytes.slice(offset - start, wanted - start);
    },
  };
}
