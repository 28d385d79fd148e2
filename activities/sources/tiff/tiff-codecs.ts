import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { Decoder } from "@toondepauw/node-zstd";
import { decodeLzw } from "./lzw.ts";
import { decodePackBits } from "./pack-bits.ts";
import { zstdBound } from "../zstd-bound.ts";

/** How strips and tiles are compressed. */
export interface TiffCodec {
  readonly name: string;
  /** One byte cannot become more bytes than this. */
  readonly maxRatio: number;
  /**
   * The bytes in `packed`, at most `limit` of them. Throws an `Error` that says what is wrong;
   * fewer bytes than expected are for the caller to find.
   */
  decode(packed: Uint8Array, limit: number): Promise<Uint8Array>;
}

const unzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate);
const zstd = new Decoder();

const deflate: TiffCodec = {
  name: "deflate",
  maxRatio: 1032,
  decode: (packed, limit) => unzip(packed, { maxOutputLength: Math.max(1, limit) }),
};

/** By TIFF's number of the method. */
export const TIFF_CODECS: Partial<Record<number, TiffCodec>> = {
  1: { name: "none", maxRatio: 1, decode: async (packed) => packed },
  5: { name: "LZW", maxRatio: 4096, decode: async (packed, limit) => decodeLzw(packed, limit) },
  8: deflate,
  32946: deflate,
  32773: {
    name: "PackBits",
    maxRatio: 64,
    decode: async (packed, limit) => decodePackBits(packed, limit),
  },
  50000: {
    name: "zstd",
    maxRatio: 32768,
    async decode(packed, limit) {
      const bound = zstdBound(packed);
      // Checked before: the decoder itself would fill the memory.
      if (bound > limit + 128 * 1024) throw new Error(`holds up to ${bound} bytes`);
      return zstd.decode(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength));
    },
  },
};
