import { fileURLToPath } from "node:url";
import { InvalidInput, UnsupportedFormat } from "../../../domain/errors.ts";
import type { SourceSpec } from "../source.ts";

/**
 * The path (or pattern) that a source names: what it says, without `file://`; an `s3://` URL stays.
 * `UnsupportedFormat` for other schemes, `InvalidInput` for what is no URL of a file.
 */
export function sourcePath({ scan, source }: Pick<SourceSpec, "scan" | "source">): string {
  if (source.includes("\0")) throw new InvalidInput(`${scan}: the source holds a NUL character`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return source;
  if (scheme === "s3") return `s3://${source.slice("s3://".length)}`;
  if (scheme !== "file") {
    throw new UnsupportedFormat(
      `${scan}: sources are not read from ${scheme}://, only from paths, file:// and s3://`,
    );
  }
  if (/[?#]/.test(source)) {
    // A URL's query and fragment name no file: what was before them would be read instead.
    throw new InvalidInput(`${scan}: ${source} holds ? or #; write them as %3F and %23`);
  }
  try {
    return fileURLToPath(source);
  } catch (cause) {
    throw new InvalidInput(`${scan}: ${source} is no file URL: ${String(cause)}`, { cause });
  }
}
