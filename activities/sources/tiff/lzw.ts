const CLEAR = 256;
const END = 257;
/** Packed bytes behind the last pixel: the end's code, and what a writer fills a word with. */
const MAX_REST = 64;

/**
 * Undo TIFF's LZW: codes of 9 to 12 bits, most significant bit first, growing one code early. Stops
 * at `limit` bytes; throws an `Error` at a code that cannot be, and when there is more than that.
 * @see TIFF 6.0, section 13
 */
export function decodeLzw(packed: Uint8Array, limit: number): Uint8Array {
  if (packed.length > 1 && packed[0] === 0 && (packed[1]! & 1) === 1) {
    throw new Error("uses the LZW of old writers (least significant bit first), which is not read");
  }
  const out = new Uint8Array(limit);
  // A string is a stretch of what was written already: no table of bytes is needed.
  const start = new Uint32Array(4096);
  const length = new Uint32Array(4096);
  let [next, width, previous, previousLength] = [258, 9, -1, 0];
  let [bits, held, at, to] = [0, 0, 0, 0];
  while (to < limit) {
    while (held < width) {
      if (at === packed.length) return out.subarray(0, to);
      bits = ((bits << 8) | packed[at++]!) & 0xffffff;
      held += 8;
    }
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, previous] = [258, 9, -1];
      continue;
    }
    const from = to;
    if (code < CLEAR) {
      out[to++] = code;
    } else {
      if (previous < 0 || code > next || (code === next && next > 4095)) {
        throw new Error(`has the LZW code ${code} where codes end at ${next}`);
      }
      // The code that is about to be defined: the previous string and its first byte again.
      const [source, n] =
        code === next ? [previous, previousLength + 1] : [start[code]!, length[code]!];
      if (to + n > limit) throw new Error(`holds more than ${limit} bytes`);
      const end = to + n;
      for (let i = source; to < end; i++) out[to++] = out[i]!;
    }
    if (previous >= 0 && next < 4096) {
      // The previous string and the first byte of this one lie behind each other.
      start[next] = previous;
      length[next] = previousLength + 1;
      next++;
      if (next + 1 >= 1 << width && width < 12) width++;
    }
    previous = from;
    previousLength = to - from;
  }
  if (packed.length - at > MAX_REST) throw new Error(`holds more than ${limit} bytes`);
  return out.subarray(0, to);
}
