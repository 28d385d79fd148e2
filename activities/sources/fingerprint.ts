import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { attempt, fileSize } from "./file-bytes.ts";
import type { ScanSource, SourceSpec } from "./source.ts";

/**
 * The digest of what a source holds: sha256, in hexadecimal, over the lengths and contents of its
 * files in order. Names, folders and times do not count: a moved scan is the same scan. What the
 * user says about how to read it (raw shape, data set) is not in it; that belongs beside it in a key.
 */
export async function fingerprintSource(
  source: Pick<ScanSource, "files">,
  spec: Pick<SourceSpec, "scan">,
  onProgress?: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const sizes: number[] = [];
  for (const file of source.files) {
    sizes.push(await fileSize(file, spec.scan));
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const hash = createHash("sha256");
  let done = 0;
  for (const [i, file] of source.files.entries()) {
    // The length keeps apart what the same bytes, cut differently, would mean.
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(sizes[i]!));
    hash.update(length);
    await attempt(file, spec.scan, async () => {
      const options = { highWaterMark: 1024 * 1024, ...(signal === undefined ? {} : { signal }) };
      for await (const part of createReadStream(file, options) as AsyncIterable<Buffer>) {
        hash.update(part);
        done += part.length;
        onProgress?.(total === 0 ? 1 : Math.min(1, done / total));
      }
    });
  }
  return hash.digest("hex");
}
