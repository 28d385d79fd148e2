/** Packed bytes behind the last pixel that a writer may fill a word with. */
const MAX_REST = 64;

/**
 * Undo PackBits: runs of up to 128 equal or different bytes. Stops at `limit` bytes; throws an
 * `Error` when there are more.
 * @see TIFF 6.0, section 9
 */
export function decodePackBits(packed: Uint8Array, limit: number): Uint8Array {
  const out = new Uint8Array(limit);
  let to = 0;
  let at = 0;
  while (at < packed.length && to < limit) {
    const n = (packed[at++]! << 24) >> 24;
    if (n === -128) continue;
    const length = n < 0 ? 1 - n : n + 1;
    if (length > limit - to) throw new Error(`holds more than ${limit} bytes`);
    if (n < 0) {
      if (at === packed.length) break;
      out.fill(packed[at++]!, to, to + length);
      to += length;
    } else {
      const part = packed.subarray(at, at + length);
      out.set(part, to);
      to += part.length;
      at += n + 1;
    }
  }
  if (packed.length - at > MAX_REST) throw new Error(`holds more than ${limit} bytes`);
  return out.subarray(0, to);
}
