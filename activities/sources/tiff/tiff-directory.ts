import { CorruptData } from "../../../domain/errors.ts";
import type { Endian } from "../byte-order.ts";
import type { FileBytes } from "../files/file-bytes.ts";

/** How a TIFF file counts: byte order, and 32-bit (classic) or 64-bit (BigTIFF) offsets. */
export interface TiffLayout {
  readonly endian: Endian;
  readonly big: boolean;
  /** Where the first directory is. */
  readonly first: number;
}

/** One image's tags, the values of which are read when asked for. */
export interface Directory {
  /** Where the next one is; 0 after the last. */
  readonly next: number;
  /** Bytes of the table itself. */
  readonly bytes: number;
  has(tag: number): boolean;
  /** The tag's numbers; undefined when it is not there. Fractions of RATIONAL tags are divided out. */
  numbers(tag: number): Promise<readonly number[] | undefined>;
  /** The tag's first number, else `fallback`. */
  number(tag: number, fallback: number): Promise<number>;
  /** The tag's numbers; undefined when it is not there, `CorruptData` when it is no list of whole numbers. */
  integers(tag: number): Promise<readonly number[] | undefined>;
  /** How many numbers the tag has; 0 when it is not there. */
  count(tag: number): number;
  /** The first of them, else `fallback`. */
  integer(tag: number, fallback: number): Promise<number>;
  /** The tag's text; "" when it is not there. */
  text(tag: number): Promise<string>;
}

const BYTES: Partial<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Text, fractions and floats: no way to say a size or an offset. */
const NOT_WHOLE = new Set([2, 5, 7, 10, 11, 12]);

/** No writer has more tags in a directory. */
const MAX_TAGS = 4096;
/** Descriptions (OME-XML) and lists of strips can be long, but not this long. */
const MAX_VALUE = 64 * 1024 * 1024;

/** Read the first bytes of a TIFF file; undefined when it is none. */
export function parseTiffLayout(start: Uint8Array): TiffLayout | undefined {
  const mark = String.fromCharCode(start[0] ?? 0, start[1] ?? 0);
  if ((mark !== "II" && mark !== "MM") || start.length < 8) return undefined;
  const little = mark === "II";
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const version = view.getUint16(2, little);
  const endian = little ? "little" : "big";
  if (version === 42) return { endian, big: false, first: view.getUint32(4, little) };
  if (version !== 43 || start.length < 16 || view.getUint16(4, little) !== 8) return undefined;
  return { endian, big: true, first: Number(view.getBigUint64(8, little)) };
}

/** Read the directory at `offset`. @param subject names scan and slice, for messages */
export async function readDirectory(
  file: Pick<FileBytes, "name" | "read">,
  { endian, big }: TiffLayout,
  offset: number,
  subject: string,
): Promise<Directory> {
  const little = endian === "little";
  const [countBytes, entryBytes, valueBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const word = (view: DataView, at: number) =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const head = viewOf(await file.read(offset, countBytes, "a directory", subject));
  const count = big ? Number(head.getBigUint64(0, little)) : head.getUint16(0, little);
  if (count === 0 || count > MAX_TAGS) {
    throw new CorruptData(
      `${subject} (${file.name}) has a directory of ${count} tags at byte ${offset}`,
    );
  }
  const body = viewOf(
    await file.read(offset + countBytes, count * entryBytes + valueBytes, "a directory", subject),
  );
  const entries = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const at = i * entryBytes;
    if (!entries.has(body.getUint16(at, little))) entries.set(body.getUint16(at, little), at);
  }

  /** @param most values are needed: a damaged tag may say that it has millions */
  async function valueOf(tag: number, most = Infinity) {
    const at = entries.get(tag);
    if (at === undefined) return undefined;
    const type = body.getUint16(at + 2, little);
    const length = word(body, at + 4);
    const size = BYTES[type];
    if (size === undefined) {
      throw new CorruptData(`${subject} (${file.name}): tag ${tag} has the unknown type ${type}`);
    }
    if (length * size > MAX_VALUE) {
      throw new CorruptData(`${subject} (${file.name}): tag ${tag} has ${length} values`);
    }
    const valueAt = at + 4 + valueBytes;
    const used = Math.min(length, most);
    const value =
      length * size <= valueBytes
        ? new DataView(body.buffer, body.byteOffset + valueAt, length * size)
        : viewOf(await file.read(word(body, valueAt), used * size, `tag ${tag}`, subject));
    return { type, length: used, size, value };
  }

  async function numbers(tag: number, most?: number) {
    const found = await valueOf(tag, most);
    if (found === undefined) return undefined;
    const { type, length, size, value } = found;
    return Array.from({ length }, (_, i) => numberAt(value, i * size, type, little));
  }

  async function integers(tag: number, most?: number) {
    const at = entries.get(tag);
    const type = at === undefined ? 0 : body.getUint16(at + 2, little);
    if (NOT_WHOLE.has(type)) {
      throw new CorruptData(
        `${subject} (${file.name}): tag ${tag} is of type ${type}, expected whole numbers`,
      );
    }
    return numbers(tag, most);
  }

  return {
    next: word(body, count * entryBytes),
    bytes: countBytes + body.byteLength,
    has: (tag) => entries.has(tag),
    count(tag) {
      const at = entries.get(tag);
      return at === undefined ? 0 : word(body, at + 4);
    },
    numbers,
    number: async (tag, fallback) => (await numbers(tag, 1))?.[0] ?? fallback,
    integers,
    integer: async (tag, fallback) => (await integers(tag, 1))?.[0] ?? fallback,
    async text(tag) {
      const at = entries.get(tag);
      if (at === undefined) return "";
      const { value } = (await valueOf(tag))!;
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      // ImageJ writes Latin-1, OME writes UTF-8.
      const end = bytes.indexOf(0);
      const used = end < 0 ? bytes : bytes.subarray(0, end);
      const text = new TextDecoder().decode(used);
      return text.includes("\ufffd") ? Buffer.from(used).toString("latin1") : text;
    },
  };
}

function numberAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little));
    case 17:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
