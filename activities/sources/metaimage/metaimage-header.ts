import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";

/** The fields of a MetaImage header by their names, as written. */
export interface MetaImageHeader {
  readonly fields: ReadonlyMap<string, string>;
  /** File names after `ElementDataFile = LIST`. */
  readonly list: readonly string[];
  /** Where the header ends: voxels begin here when they are in the same file. */
  readonly bytes: number;
}

const TYPES: Partial<Record<string, Dtype>> = {
  MET_UCHAR: "uint8",
  MET_CHAR: "int8",
  MET_USHORT: "uint16",
  MET_SHORT: "int16",
  MET_UINT: "uint32",
  MET_INT: "int32",
  MET_ULONG: "uint32", // four bytes on every platform, says MetaIO
  MET_LONG: "int32",
  MET_FLOAT: "float32",
};

/** Other names of fields. */
const ALIASES: Partial<Record<string, string>> = {
  ElementByteOrderMSB: "BinaryDataByteOrderMSB",
  Position: "Offset",
  Origin: "Offset",
  Rotation: "TransformMatrix",
  Orientation: "TransformMatrix",
};

/**
 * Read a MetaImage header, which ends with the line of `ElementDataFile`.
 * @param text the beginning of the file as Latin-1, so that characters are bytes
 * @see https://itk.org/Wiki/ITK/MetaIO/Documentation
 */
export function parseMetaImageHeader(text: string, subject: string): MetaImageHeader {
  const fields = new Map<string, string>();
  let at = 0;
  while (!fields.has("ElementDataFile")) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end).trim();
    const [, key, value] = /^(\w+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      if (line === "" && end >= 0) {
        at = end + 1;
        continue;
      }
      const found = line === "" ? "the end of the file" : JSON.stringify(line.slice(0, 80));
      throw new CorruptData(
        `${subject} has ${found} in its header, expected a field as in NDims = 3`,
      );
    }
    fields.set((Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined) ?? key, value);
    at = end < 0 ? text.length : end + 1;
  }
  const isList = fields.get("ElementDataFile")!.startsWith("LIST");
  const rest = isList ? text.slice(at).split(/\r?\n/) : [];
  return { fields, list: rest.map((name) => name.trim()).filter((name) => name !== ""), bytes: at };
}

/** The type of voxel that a header names. */
export function metaImageType(name: string | undefined, subject: string): Dtype {
  // "constructor" is a property of every object.
  const dtype = name !== undefined && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (dtype !== undefined) return dtype;
  const hint = name === "MET_DOUBLE" ? ", which float32 would round; convert it yourself" : "";
  throw new UnsupportedFormat(
    `${subject} holds voxels of type ${name ?? "unknown"}${hint || `, expected one of ${Object.keys(TYPES).join(", ")}`}`,
  );
}

/** `True`, `true`, `T`, `1` are yes. */
export function metaImageFlag(value: string | undefined): boolean {
  return /^[tTyY1]/.test(value ?? "");
}
