import { localCopy } from "./files-local-copy.ts";
import type { ScanSource, SourceSpec } from "../source.ts";

/**
 * Open a file with a reader that reads the disk of this machine only. An `s3://` object is read from
 * a copy; its `files` are still the URL.
 */
export async function openCopied(
  spec: SourceSpec,
  path: string,
  open: (spec: SourceSpec, path: string) => Promise<ScanSource>,
): Promise<ScanSource> {
  const copy = await localCopy(path, spec.scan);
  try {
    const source = await open(spec, copy.path);
    if (copy.path === path) return source;
    return {
      ...source,
      files: source.files.map((file) => (file === copy.path ? path : file)),
      async *planes(signal, place) {
        // The first copy may be gone by now.
        const again = await localCopy(path, spec.scan, signal);
        try {
          yield* (await open(spec, again.path)).planes(signal, place);
        } finally {
          again.release();
        }
      },
    };
  } finally {
    copy.release();
  }
}
