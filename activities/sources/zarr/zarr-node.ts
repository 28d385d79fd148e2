import { CorruptData } from "../../../domain/errors.ts";
import { filesAt } from "../files/files-at.ts";
import { joinPath } from "../files/files-path.ts";

/** A JSON object that nobody has looked into yet. */
export type Document = Readonly<Record<string, unknown>>;

/** A group or an array, as its documents describe it. */
export interface ZarrNode {
  readonly path: string;
  readonly zarrFormat: 2 | 3;
  readonly kind: "group" | "array";
  /** `zarr.json` or `.zarray`; empty for a group of Zarr v2. */
  readonly document: Document;
  readonly attributes: Document;
  /** The names of the documents that were read. */
  readonly documents: readonly string[];
}

/** Attributes hold a few kilobytes; no document is this long. */
const MAX_DOCUMENT = 16 * 1024 * 1024;

/**
 * What is at a path; undefined for neither group nor array. Where there are documents of Zarr v3
 * and of v2, those of v3 count.
 */
export async function readZarrNode(path: string, scan: string): Promise<ZarrNode | undefined> {
  const [v3, array, group, attrs] = await Promise.all(
    ["zarr.json", ".zarray", ".zgroup", ".zattrs"].map((name) => readDocument(path, name, scan)),
  );
  if (v3 !== undefined) {
    const { zarr_format: format, node_type: kind, attributes } = v3;
    if (format !== 3 || (kind !== "group" && kind !== "array")) {
      throw new CorruptData(
        `${scan}: ${joinPath(path, "zarr.json")} says zarr_format ${JSON.stringify(format)} and node_type ${JSON.stringify(kind)}, expected 3 and group or array`,
      );
    }
    const documents = ["zarr.json"];
    return {
      path,
      zarrFormat: 3,
      kind,
      document: v3,
      attributes: toDocument(attributes),
      documents,
    };
  }
  if (array === undefined && group === undefined && attrs === undefined) return undefined;
  const documents = Object.entries({ ".zarray": array, ".zgroup": group, ".zattrs": attrs })
    .filter(([, document]) => document !== undefined)
    .map(([name]) => name);
  const kind = array === undefined ? "group" : "array";
  return {
    path,
    zarrFormat: 2,
    kind,
    document: array ?? {},
    attributes: attrs ?? {},
    documents,
  };
}

/** An object as it is, anything else as an empty one. */
export function toDocument(value: unknown): Document {
  return isDocument(value) ? value : {};
}

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);

async function readDocument(
  folder: string,
  name: string,
  scan: string,
): Promise<Document | undefined> {
  const path = joinPath(folder, name);
  const range = { offset: 0, length: MAX_DOCUMENT + 1 };
  const bytes = await filesAt(path, scan).get(path, scan, range);
  if (bytes === undefined) return undefined;
  if (bytes.length > MAX_DOCUMENT) {
    throw new CorruptData(`${scan}: ${path} has more than ${MAX_DOCUMENT} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new CorruptData(`${scan}: ${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (isDocument(value)) return value;
  throw new CorruptData(`${scan}: ${path} is no JSON object`);
}
