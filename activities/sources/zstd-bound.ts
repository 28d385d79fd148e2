/** A block holds no more, whatever it says. */
const MAX_BLOCK = 128 * 1024;

/**
 * The most bytes that zstd frames, one behind the other, can decompress to, from the sizes of their
 * blocks alone. Throws an `Error` when the bytes are no frames.
 * @see RFC 8878, section 3.1.1
 */
export function zstdBound(frames: Uint8Array): number {
  let bound = 0;
  let at = 0;
  do {
    const frame = measure(frames.subarray(at));
    bound += frame.bound;
    at += frame.end;
  } while (at < frames.length);
  return bound;
}

/** The bound of the first frame, and where it ends. */
function measure(frame: Uint8Array): { readonly bound: number; readonly end: number } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 6 || view.getUint32(0, true) !== 0xfd2fb528)
    throw new Error("is no zstd frame");
  const descriptor = frame[4]!;
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  let at = 5 + (single ? 0 : 1) + dictionary + contentSize;
  let bound = 0;
  for (let last = false; !last;) {
    if (at + 3 > frame.length) throw new Error("is a truncated zstd frame");
    const header = frame[at]! | (frame[at + 1]! << 8) | (frame[at + 2]! << 16);
    const [type, size] = [(header >> 1) & 3, header >> 3];
    last = (header & 1) === 1;
    bound += type === 2 ? MAX_BLOCK : Math.min(size, MAX_BLOCK);
    at += 3 + (type === 1 ? 1 : size);
  }
  // A checksum may follow.
  return { bound, end: at + ((descriptor & 4) === 0 ? 0 : 4) };
}
