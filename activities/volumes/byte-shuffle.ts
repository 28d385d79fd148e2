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
  const words =
    count % 4 === 0 && bytes.length === count * size && isAligned(bytes) && isAligned(out);
  if (words && size === 2) unshuffleWords2(asWords(bytes), asWords(out));
  else if (words && size === 4) unshuffleWords4(asWords(bytes), asWords(out));
  else {
    for (let byte = 0; byte < size; byte++) {
      for (let i = 0, to = byte, from = byte * count; i < count; i++, to += size) {
        out[to] = bytes[from + i]!;
      }
    }
    out.set(bytes.subarray(count * size), count * size);
  }
}

const isAligned = (bytes: Uint8Array) => bytes.byteOffset % 4 === 0;

const asWords = (bytes: Uint8Array) =>
  new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);

/** Four elements at a time: a word of each byte in, two words out. */
function unshuffleWords2(from: Int32Array, to: Int32Array): void {
  const n = from.length >> 1;
  for (let i = 0, o = 0; i < n; i++, o += 2) {
    const lo = from[i]!;
    const hi = from[n + i]!;
    to[o] = (lo & 0xff) | ((hi & 0xff) << 8) | ((lo & 0xff00) << 8) | ((hi & 0xff00) << 16);
    to[o + 1] =
      ((lo >>> 16) & 0xff) | ((hi >>> 8) & 0xff00) | ((lo >>> 8) & 0xff0000) | (hi & 0xff000000);
  }
}

/** Four elements at a time: a word of each byte in, four words out. */
function unshuffleWords4(from: Int32Array, to: Int32Array): void {
  const n = from.length >> 2;
  for (let i = 0, o = 0; i < n; i++, o += 4) {
    const a = from[i]!;
    const b = from[n + i]!;
    const c = from[2 * n + i]!;
    const d = from[3 * n + i]!;
    to[o] = (a & 0xff) | ((b & 0xff) << 8) | ((c & 0xff) << 16) | (d << 24);
    to[o + 1] = ((a >>> 8) & 0xff) | (b & 0xff00) | ((c & 0xff00) << 8) | ((d & 0xff00) << 16);
    to[o + 2] = ((a >>> 16) & 0xff) | ((b >>> 8) & 0xff00) | (c & 0xff0000) | ((d & 0xff0000) << 8);
    to[o + 3] = (a >>> 24) | ((b >>> 16) & 0xff00) | ((c >>> 8) & 0xff0000) | (d & 0xff000000);
  }
}
