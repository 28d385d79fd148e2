import { endianness } from "node:os";

export type Endian = "little" | "big";

/** How this machine stores numbers. */
export const NATIVE: Endian = endianness() === "LE" ? "little" : "big";

/** Bring elements of `size` bytes into this machine's order, in place. */
export function toNative(bytes: Uint8Array, size: number, endian: Endian): void {
  if (size === 1 || endian === NATIVE) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else buffer.swap32();
}
