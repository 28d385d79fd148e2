import { InvalidInput } from "../../domain/errors.ts";
import type { ByteRange } from "../deps.ts";

/**
 * Where a range lies in `size` bytes, as `[start, end)`. A range that reaches past the end is cut
 * there; one that lies beyond it is empty.
 */
export function resolveRange(range: ByteRange, size: number): readonly [number, number] {
  checkRange(range);
  if ("suffixLength" in range) return [Math.max(0, size - range.suffixLength), size];
  const start = Math.min(size, range.offset);
  return [start, Math.min(size, start + range.length)];
}

/** `InvalidInput` unless every number of the range is whole and 0 or more. */
export function checkRange(range: ByteRange): void {
  for (const [name, value] of Object.entries<number>({ ...range })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new InvalidInput(
      `Expected ${name} of a byte range to be a whole number >= 0, got ${value}`,
    );
  }
}
