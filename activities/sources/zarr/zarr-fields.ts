import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";

/** The fields that the documents of Zarr v2 and v3 share; each checked, each named in the message. */

/** Whole numbers of 1 and more, else `CorruptData`. */
export function readCounts(value: unknown, what: string, subject: string): readonly number[] {
  const right = Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (right && value.length >= 1 && value.length <= 32) return value as number[];
  throw new CorruptData(
    `${subject} has the ${what} ${show(value)}, expected whole numbers of 1 or more`,
  );
}

/** One of our types by Zarr's name, else `UnsupportedFormat`. `bool` is read as uint8. */
export function toDtype(name: unknown, subject: string): Dtype {
  if (name === "bool") return "uint8";
  if (typeof name === "string" && READ.has(name)) return name as Dtype;
  if (name === "float64") {
    throw new UnsupportedFormat(
      `${subject} holds float64, which float32 would round; convert it yourself if that is fine`,
    );
  }
  throw new UnsupportedFormat(
    `${subject} holds ${show(name)}, expected ${[...READ].join(", ")} or bool`,
  );
}

const READ = new Set<string>([
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
] satisfies Dtype[]);

/** The fill value as a number; `CorruptData` for what the type cannot hold. */
export function readFill(value: unknown, dtype: Dtype, subject: string): number {
  // Zarr v2 says null for "anything".
  if (value === null || value === false) return 0;
  if (value === true) return 1;
  const float = dtype === "float32";
  if (float && typeof value === "string") {
    if (/^(NaN|-?Infinity)$/.test(value)) return Number(value);
    if (/^0x[0-9a-f]{8}$/i.test(value)) {
      const bits = new DataView(new ArrayBuffer(4));
      bits.setUint32(0, Number(value));
      return bits.getFloat32(0);
    }
  }
  if (typeof value === "number" && (float || fits(value, dtype))) return value;
  throw new CorruptData(`${subject} has the fill value ${show(value)}, which is no ${dtype}`);
}

function fits(value: number, dtype: Dtype): boolean {
  const bits = 8 * bytesPerVoxel(dtype);
  const [lo, hi] = dtype.startsWith("u")
    ? [0, 2 ** bits - 1]
    : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  return Number.isInteger(value) && value >= lo && value <= hi;
}

/** `.` or `/`. */
export function readSeparator(value: unknown, subject: string): "." | "/" {
  if (value === "." || value === "/") return value;
  throw new CorruptData(
    `${subject} separates the numbers of its chunks by ${show(value)}, expected . or /`,
  );
}

/** The names of the axes; undefined unless there is one per axis. */
export function readNames(value: unknown, rank: number): readonly (string | null)[] | undefined {
  if (!Array.isArray(value) || value.length !== rank) return undefined;
  return value.map((name: unknown) => (typeof name === "string" ? name : null));
}

/** A value of a document as a message shows it. */
export function show(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 200);
}
