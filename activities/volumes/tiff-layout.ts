import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import type { Dtype, Zyx } from "../../domain/volumes/shape.ts";

/** The parts of a TIFF file around its pixels. */
export interface TiffParts {
  /** Everything before the first plane. */
  readonly head: Buffer;
  /** The directories, after the last plane. */
  readonly tail: Iterable<Buffer>;
}

/** Classic TIFF counts bytes in 32 bits; some readers do it with a sign. */
const CLASSIC_LIMIT = 2 ** 32 - 2 ** 20;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const LONG8 = 16;

/**
 * Lay out an uncompressed stack: all planes behind each other, a directory per plane after them. The
 * description is ImageJ's, with the voxel size in micrometres. BigTIFF from 4 GiB on.
 */
export function tiffLayout(shape: Zyx, dtype: Dtype, voxelSizeUm: Zyx): TiffParts {
  const [depth, height, width] = shape;
  const planeBytes = height * width * bytesPerVoxel(dtype);
  const big = planeBytes * depth + depth * 300 > CLASSIC_LIMIT;
  const [word, wordType, headerBytes] = big ? [8, LONG8, 16] : [4, LONG, 8];
  const description = Buffer.from(`${imagejText(depth, voxelSizeUm[0])}\0`, "latin1");
  const resolution = Buffer.concat([rational(voxelSizeUm[2]), rational(voxelSizeUm[1])]);
  const resolutionAt = headerBytes + description.length + (description.length % 2);
  const dataAt = Math.ceil((resolutionAt + resolution.length) / 16) * 16;
  // Directories begin at even bytes.
  const tailAt = dataAt + planeBytes * depth + ((planeBytes * depth) % 2);

  const head = Buffer.alloc(dataAt);
  head.write("II");
  head.writeUInt16LE(big ? 43 : 42, 2);
  if (big) head.writeUInt16LE(8, 4);
  writeWord(head, tailAt, headerBytes - word);
  description.copy(head, headerBytes);
  resolution.copy(head, resolutionAt);

  function* tail(): Generator<Buffer> {
    if ((planeBytes * depth) % 2 === 1) yield Buffer.alloc(1);
    let at = tailAt;
    for (let z = 0; z < depth; z++) {
      const entries: (readonly [tag: number, type: number, value: number, count?: number])[] = [
        [256, LONG, width],
        [257, LONG, height],
        [258, SHORT, 8 * bytesPerVoxel(dtype)],
        [259, SHORT, 1],
        [262, SHORT, 1],
        ...(z === 0 ? [[270, ASCII, headerBytes, description.length] as const] : []),
        [273, wordType, dataAt + z * planeBytes],
        [277, SHORT, 1],
        [278, LONG, height],
        [279, wordType, planeBytes],
        [282, RATIONAL, resolutionAt],
        [283, RATIONAL, resolutionAt + 8],
        [296, SHORT, 1],
        [339, SHORT, dtype === "float32" ? 3 : dtype.startsWith("int") ? 2 : 1],
      ];
      const directory = Buffer.alloc((big ? 8 : 2) + entries.length * (4 + 2 * word) + word);
      if (big) directory.writeBigUInt64LE(BigInt(entries.length));
      else directory.writeUInt16LE(entries.length);
      at += directory.length;
      entries.forEach(([tag, type, value, count = 1], i) => {
        const to = (big ? 8 : 2) + i * (4 + 2 * word);
        directory.writeUInt16LE(tag, to);
        directory.writeUInt16LE(type, to + 2);
        writeWord(directory, count, to + 4);
        // In BigTIFF a fraction fits where its offset would be.
        if (big && type === RATIONAL) head.copy(directory, to + 4 + word, value, value + 8);
        else writeWord(directory, value, to + 4 + word);
      });
      writeWord(directory, z + 1 < depth ? at : 0, directory.length - word);
      yield directory;
    }
  }
  return { head, tail: tail() };

  function writeWord(buffer: Buffer, value: number, at: number): void {
    if (big) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUInt32LE(value, at);
  }
}

function imagejText(depth: number, spacing: number): string {
  return `ImageJ=1.54f\nimages=${depth}\nslices=${depth}\nunit=micron\nspacing=${spacing}\nloop=false\n`;
}

/** Pixels per micrometre as a fraction of whole numbers. */
function rational(um: number): Buffer {
  const unit = um < 4000 ? 1_000_000 : 1000;
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(unit);
  buffer.writeUInt32LE(Math.min(2 ** 32 - 1, Math.max(1, Math.round(um * unit))), 4);
  return buffer;
}
