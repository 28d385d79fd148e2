import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";
import { checkShape } from "../plane-checks.ts";
import { TIFF_CODECS, type TiffCodec } from "./tiff-codecs.ts";
import type { Directory } from "./tiff-directory.ts";

/** TIFF's numbers for its tags. */
export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
} as const;

/** What one image of a TIFF file holds. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly dtype: Dtype;
  readonly codec: TiffCodec;
  /** 1 none, 2 horizontal differences, 3 differences of floats. */
  readonly predictor: 1 | 2 | 3;
  /** Strips are tiles as wide as the image. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly tiled: boolean;
  /** Small values are bright (photometric 0). Voxels are given as they are stored. */
  readonly inverted: boolean;
}

/** Pages that can be slices of one volume say the same here: size, type, and what a value means. */
export function describeSize({ width, height, dtype, inverted }: TiffPage): string {
  return `${height}x${width} ${dtype}${inverted ? " with white at zero (photometric 0)" : ""}`;
}

const FORMATS: Partial<Record<string, Dtype>> = {
  "1/8": "uint8",
  "1/16": "uint16",
  "1/32": "uint32",
  "2/8": "int8",
  "2/16": "int16",
  "2/32": "int32",
  "3/32": "float32",
};

/** Understand a directory; `UnsupportedFormat` for what is right but not read. @param subject with the file's name */
export async function describePage(directory: Directory, subject: string): Promise<TiffPage> {
  const tag = async (name: keyof typeof TAG, fallback = 0) =>
    directory.integer(TAG[name], fallback);
  const [width, height] = [await tag("width"), await tag("height")];
  if (width < 1 || height < 1) {
    throw new CorruptData(`${subject} says that its image is ${width} wide and ${height} high`);
  }
  const samples = await tag("samples", 1);
  if (samples !== 1) {
    throw new UnsupportedFormat(
      `${subject} has ${samples} samples per pixel (colour), expected 1 (grey)`,
    );
  }
  const depths = directory.count(TAG.bits);
  if (depths > 1) throw new CorruptData(`${subject} lists ${depths} bit depths for one sample`);
  const photometric = await checkPhotometric(directory, subject);
  const [bits, format] = [await tag("bits", 1), await tag("sampleFormat", 1)];
  // 4 is "undefined": what writers without a better idea mean by whole numbers.
  const dtype = FORMATS[`${format === 4 ? 1 : format}/${bits}`];
  if (dtype === undefined) {
    const kind = format === 3 ? "float" : format === 2 ? "signed" : `format ${format}`;
    throw new UnsupportedFormat(
      `${subject} has ${bits}-bit ${format === 1 ? "unsigned" : kind} pixels, expected 8, 16 or 32-bit whole numbers or 32-bit float`,
    );
  }
  const compression = await tag("compression", 1);
  const codec = TIFF_CODECS[compression];
  if (codec === undefined) {
    const known = Object.values(TIFF_CODECS).map((known) => known?.name);
    throw new UnsupportedFormat(
      `${subject} is compressed by method ${compression}, expected one of ${[...new Set(known)].join(", ")}`,
    );
  }
  const predictor = await tag("predictor", 1);
  if (
    (predictor !== 1 && predictor !== 2 && predictor !== 3) ||
    (predictor === 3 && format !== 3)
  ) {
    throw new UnsupportedFormat(`${subject} uses predictor ${predictor} on ${dtype}`);
  }
  if ((await tag("fillOrder", 1)) !== 1) {
    throw new UnsupportedFormat(`${subject} stores its bits in reverse (fill order 2)`);
  }
  checkShape([1, height, width], dtype, subject);

  const tiled = directory.has(TAG.tileOffsets);
  const tileWidth = tiled ? await tag("tileWidth") : width;
  const tileHeight = tiled
    ? await tag("tileHeight")
    : Math.min(height, await tag("rowsPerStrip", height));
  if (tileWidth < 1 || tileHeight < 1) {
    throw new CorruptData(
      `${subject} says that its strips are ${tileWidth} wide and ${tileHeight} high`,
    );
  }
  checkShape([1, tileHeight, tileWidth], dtype, subject);
  // Other methods know no predictor: libtiff ignores the tag there.
  return {
    width,
    height,
    dtype,
    codec,
    predictor: compression === 1 || compression === 32773 ? 1 : predictor,
    tileWidth,
    tileHeight,
    tiled,
    inverted: photometric === 0,
  };
}

const PHOTOMETRIC: Partial<Record<number, string>> = {
  2: "RGB",
  3: "a palette",
  4: "a mask",
  5: "CMYK",
  6: "YCbCr",
};

/** What pixel values mean must be grey. ImageJ's palettes only colour the display of grey values. */
async function checkPhotometric(directory: Directory, subject: string): Promise<number> {
  const photometric = await directory.integer(TAG.photometric, 1);
  if (photometric === 0 || photometric === 1) return photometric;
  const description = photometric === 3 ? await directory.text(TAG.description) : "";
  if (description.startsWith("ImageJ=")) return 1;
  const name = PHOTOMETRIC[photometric];
  throw new UnsupportedFormat(
    `${subject} has pixels of ${name === undefined ? "" : `${name}, `}photometric ${photometric}, expected grey (0 or 1)`,
  );
}

/** Bytes of a page's pixels. */
export function pageBytes({ width, height, dtype }: TiffPage): number {
  return width * height * bytesPerVoxel(dtype);
}
