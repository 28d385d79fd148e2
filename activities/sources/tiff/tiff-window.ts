import type { FileBytes } from "../files/file-bytes.ts";

const WINDOW = 64 * 1024;

/**
 * A file seen through the last 64 KiB that were read: directories lie close together, and a stack
 * has thousands. Large reads go past it.
 */
export function createWindow(file: FileBytes): Pick<FileBytes, "name" | "size" | "read"> {
  let [start, bytes] = [0, new Uint8Array(0)];
  return {
    name: file.name,
    size: file.size,
    async read(offset, length, what, subject) {
      const wanted = offset + length;
      const outside = !(offset >= 0) || wanted > file.size;
      if (outside || length > WINDOW / 4) return file.read(offset, length, what, subject);
      if (offset < start || wanted > start + bytes.length) {
        // Some of it before: chains run backwards, too.
        start = Math.max(0, Math.min(offset - WINDOW / 4, file.size - WINDOW));
        bytes = new Uint8Array(
          await file.read(start, Math.min(WINDOW, file.size - start), what, subject),
        );
      }
      return bytes.slice(offset - start, wanted - start);
    },
  };
}
