/** Bytes ordered by their place in the element: all first bytes, all second ones, …; a rest stays. */
export function shuffle(bytes: Uint8Array, size: number): Buffer {
  const count = Math.floor(bytes.length / size);
  const out = Buffer.allocUnsafeSlow(bytes.length);
  if (size === 2 && bytes.byteOffset % 2 === 0) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
    for (let i = 0; i < count; i++) {
      const word = words[i]!;
      out[i] = word;
      out[count + i] = word >> 8;
    }
  } else {
    for (let byte = 0; byte < size; byte++) {
      for (let i = 0, from = byte, to = byte * count; i < count; i++, from += size) {
        out[to + i] = bytes[from]!;
      }
    }
  }
  out.set(bytes.subarray(count * size), count * size);
  return out;
}

/** The reverse of `shuffle`, into `out` (of the same length, at a multiple of the element's size). */
export function unshuffle(bytes: Uint8Array, size: number, out: Uint8Array): void {
  const count = Math.floor(bytes.length / size);
  if (size === 2 && out.byteOffset % 2 === 0) {
    const words = new Uint16Array(out.buffer, out.byteOffset, count);
    for (let i = 0; i < count; i++) words[i] = bytes[i]! | (bytes[count + i]! << 8);
  } else {
    for (let byte = 0; byte < size; byte++) {
      for (let i = 0, to = byte, from = byte * count; i < count; i++, to += size) {
        out[to] = bytes[from + i]!;
      }
    }
  }
  out.set(bytes.subarray(count * size), count * size);
}
