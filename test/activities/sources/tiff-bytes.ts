/** A tag: number, type (3 SHORT, 4 LONG, 2 ASCII, 16 LONG8), values. */
export type Tag = readonly [tag: number, type: number, values: readonly number[]];

/**
 * A classic little-endian TIFF file put together by hand, so that a test can lie in any field: one
 * strip of pixels at byte 8, then one directory per page (all of the same pixels), each followed by
 * its values that do not fit.
 *
 * @param change replaces tags of a page, adds them, or (no values) removes them
 */
export function tiffBytes(
  pixels: Uint8Array,
  width: number,
  height: number,
  { change = [], pages = 1 }: { readonly change?: readonly Tag[]; readonly pages?: number } = {},
): Buffer {
  const tags = new Map<number, Tag>();
  const standard: Tag[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, [(8 * pixels.length) / (width * height)]],
    [259, 3, [1]],
    [262, 3, [1]],
    [273, 4, [8]],
    [277, 3, [1]],
    [278, 4, [height]],
    [279, 4, [pixels.length]],
  ];
  for (const tag of [...standard, ...change]) tags.set(tag[0], tag);
  const entries = [...tags.values()].filter(([, , v]) => v.length > 0).sort(([a], [b]) => a - b);
  const parts = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]), Buffer.from(pixels)];
  if (pixels.length % 2 === 1) parts.push(Buffer.alloc(1));
  let at = 8 + pixels.length + (pixels.length % 2);
  parts[0]!.writeUInt32LE(at, 4);
  for (let page = 0; page < pages; page++) {
    const size = 2 + 12 * entries.length + 4;
    const directory = Buffer.alloc(size);
    const extra: Buffer<ArrayBuffer>[] = [];
    let extraAt = at + size;
    directory.writeUInt16LE(entries.length);
    entries.forEach(([tag, type, values], i) => {
      const to = 2 + 12 * i;
      const width = type === 3 ? 2 : type === 2 || type === 1 ? 1 : 4;
      const bytes = Buffer.alloc(Math.max(4, width * values.length));
      values.forEach((value, k) => bytes.writeUIntLE(value, k * width, width));
      directory.writeUInt16LE(tag, to);
      directory.writeUInt16LE(type, to + 2);
      directory.writeUInt32LE(values.length, to + 4);
      if (bytes.length === 4) bytes.copy(directory, to + 8);
      else {
        directory.writeUInt32LE(extraAt, to + 8);
        extra.push(bytes);
        extraAt += bytes.length;
      }
    });
    at = extraAt;
    directory.writeUInt32LE(page + 1 < pages ? at : 0, size - 4);
    parts.push(directory, ...extra);
  }
  return Buffer.concat(parts);
}
