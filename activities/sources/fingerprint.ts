import { createHash, type Hash } from "node:crypto";
import { filesAt } from "./files/files-at.ts";
import { readAhead } from "./files/files-ahead.ts";
import type { ScanSource, SourceSpec } from "./source.ts";

/** Files up to this size are read at once, several at a time: chunks and slices come by thousands. */
const SMALL = 4 * 1024 * 1024;
const AHEAD = 8;

/**
 * The digest of what a source holds: sha256, in hexadecimal, over the lengths and contents of its
 * files in order. Folders and times do not count, and file names only where they carry meaning
 * (`ScanSource.names`): a moved scan is the same scan, on disk or in S3. What the user says about
 * how to read it (raw shape, data set) is not in it; that belongs beside it in a key.
 *
 * Of an OME-Zarr: the documents of the group and of the array that is read, then the stored chunks
 * (or shards) of that array, in the order of their keys, each with its key. Coarser levels, labels
 * and chunks outside of the array are not in it.
 */
export async function fingerprintSource(
  source: Pick<ScanSource, "files" | "names">,
  { scan }: Pick<SourceSpec, "scan">,
  onProgress?: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const { files, names } = source;
  const hash = createHash("sha256");
  let done = 0;

  /** One request for a small file; of a large one the first bytes, which are not asked for again. */
  async function begin(path: string) {
    signal?.throwIfAborted();
    const access = filesAt(path, scan);
    const first = await access.get(path, scan, { offset: 0, length: SMALL + 1 });
    if (first !== undefined && first.length <= SMALL) return { path, size: first.length, first };
    // Says why there is none.
    return { path, size: await access.size(path, scan), first };
  }

  async function* contentOf({ path, first }: Awaited<ReturnType<typeof begin>>) {
    if (first !== undefined) yield first;
    if (first !== undefined && first.length <= SMALL) return;
    yield* filesAt(path, scan).stream(path, scan, { start: first?.length, signal });
  }

  for await (const file of readAhead(files, AHEAD, begin)) {
    const { size } = file;
    signal?.throwIfAborted();
    if (names !== undefined) {
      const name = Buffer.from(names[done]!);
      updateWithNumber(hash, name.length);
      hash.update(name);
    }
    // The length keeps apart what the same bytes, cut differently, would mean.
    updateWithNumber(hash, size);
    let read = 0;
    for await (const part of contentOf(file)) {
      hash.update(part);
      read += part.length;
      onProgress?.((done + (size === 0 ? 1 : Math.min(1, read / size))) / files.length);
    }
    done++;
  }
  return hash.digest("hex");
}

function updateWithNumber(hash: Hash, value: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  hash.update(bytes);
}
