import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";

/** The fields of a NRRD header by their lower-case names, and its free key/value pairs. */
export interface NrrdHeader {
  readonly fields: ReadonlyMap<string, string>;
  readonly pairs: ReadonlyMap<string, string>;
  /** File names after `data file: LIST`. */
  readonly list: readonly string[];
  /** Where an attached header ends. */
  readonly bytes: number;
}

const TYPES: Partial<Record<string, Dtype>> = {
  "signed char": "int8",
  int8: "int8",
  int8_t: "int8",
  uchar: "uint8",
  "unsigned char": "uint8",
  uint8: "uint8",
  uint8_t: "uint8",
  short: "int16",
  "short int": "int16",
  "signed short": "int16",
  "signed short int": "int16",
  int16: "int16",
  int16_t: "int16",
  ushort: "uint16",
  "unsigned short": "uint16",
  "unsigned short int": "uint16",
  uint16: "uint16",
  uint16_t: "uint16",
  int: "int32",
  "signed int": "int32",
  int32: "int32",
  int32_t: "int32",
  uint: "uint32",
  "unsigned int": "uint32",
  uint32: "uint32",
  uint32_t: "uint32",
  float: "float32",
};

/**
 * Read a NRRD header, which ends at an empty line or at the end of the file.
 * @param text the beginning of the file as Latin-1, so that characters are bytes
 * @see https://teem.sourceforge.net/nrrd/format.html
 */
export function parseNrrdHeader(text: string, subject: string): NrrdHeader {
  if (!/^NRRD000[1-5]\r?\n/.test(text)) {
    throw new CorruptData(
      `${subject} is no NRRD file: expected NRRD0001 to NRRD0005 in its first line`,
    );
  }
  const fields = new Map<string, string>();
  const pairs = new Map<string, string>();
  const list: string[] = [];
  let at = text.indexOf("\n") + 1;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, "");
    at = end < 0 ? text.length : end + 1;
    if (line === "") break;
    if (line.startsWith("#")) continue;
    if (fields.get("data file")?.startsWith("LIST") === true) {
      list.push(line);
      continue;
    }
    const [, key, mark, value] = /^([^:]+?)\s*(:=|:)\s?(.*)$/.exec(line) ?? [];
    if (key === undefined || mark === undefined || value === undefined) {
      throw new CorruptData(
        `${subject} has the header line ${JSON.stringify(line.slice(0, 80))}, expected a field`,
      );
    }
    if (mark === ":=") pairs.set(key, value);
    else {
      const name = ALIASES.get(key.toLowerCase()) ?? key.toLowerCase();
      const before = fields.get(name);
      if (before !== undefined && before !== value.trim()) {
        throw new CorruptData(
          `${subject} gives ${name} twice: ${before.slice(0, 40)} and ${value.trim().slice(0, 40)}`,
        );
      }
      fields.set(name, value.trim());
    }
  }
  return { fields, pairs, list, bytes: at };
}

const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    datafile: "data file",
    lineskip: "line skip",
    byteskip: "byte skip",
    axismins: "axis mins",
    axismaxs: "axis maxs",
    centerings: "centers",
  }),
);

/** The type of voxel that a header names. */
export function nrrdType(name: string | undefined, subject: string): Dtype {
  const key = name?.toLowerCase() ?? "";
  // "constructor" is a property of every object.
  const dtype = Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
  if (dtype !== undefined) return dtype;
  throw new UnsupportedFormat(
    `${subject} holds voxels of type ${name ?? "unknown"}, expected 8, 16 or 32-bit whole numbers or float`,
  );
}

/** `(1,0,0) (0,1,0) none` as vectors. */
export function parseVectors(text: string | undefined): readonly (readonly number[])[] {
  return (text?.match(/\([^)]*\)|none/g) ?? []).map((vector) =>
    vector === "none" ? [] : vector.slice(1, -1).split(",").map(Number),
  );
}
