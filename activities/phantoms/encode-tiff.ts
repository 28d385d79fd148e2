/** One grey slice, x fastest. */
export interface TiffSlice {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
  /** Side of a pixel, written as the resolution in pixels per centimetre, exact to 1 nm. */
  readonly pixelUm: number;
}

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const CENTIMETRE = 3;
const MIN_IS_BLACK = 1;

/**
 * A baseline TIFF: little-endian, one page, one uncompressed strip of 8 or 16 bits.
 * @see TIFF revision 6.0, sections 2, 4 and 8.
 */
export function encodeTiff({ width, height, data, pixelUm }: TiffSlice): Uint8Array {
  const bytesPerSample = data.BYTES_PER_ELEMENT;
  const entries = 13;
  const directory = 8;
  const resolution = directory + 2 + 12 * entries + 4;
  const pixels = resolution + 16;
  const bytes = new Uint8Array(pixels + width * height * bytesPerSample);
  const view = new DataView(bytes.buffer);
  let at = directory;
  const u16 = (value: number) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const u32 = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const entry = (tag: number, type: number, value: number) => {
    u16(tag);
    u16(type);
    u32(1);
    u32(value);
  };

  view.setUint16(0, 0x4949);
  view.setUint16(2, 42, true);
  view.setUint32(4, directory, true);
  u16(entries);
  entry(254, LONG, 0); // NewSubfileType: a whole image
  entry(256, LONG, width);
  entry(257, LONG, height);
  entry(258, SHORT, 8 * bytesPerSample);
  entry(259, SHORT, 1); // Compression: none
  entry(262, SHORT, MIN_IS_BLACK);
  entry(273, LONG, pixels); // StripOffsets
  entry(277, SHORT, 1); // SamplesPerPixel
  entry(278, LONG, height); // RowsPerStrip
  entry(279, LONG, width * height * bytesPerSample);
  entry(282, RATIONAL, resolution); // XResolution
  entry(283, RATIONAL, resolution + 8); // YResolution
  entry(296, SHORT, CENTIMETRE);
  u32(0);
  for (let axis = 0; axis < 2; axis++) {
    u32(10_000_000);
    u32(Math.round(pixelUm * 1000));
  }
  if (data instanceof Uint8Array) bytes.set(data, pixels);
  else data.forEach((value, i) => view.setUint16(pixels + 2 * i, value, true));
  return bytes;
}
