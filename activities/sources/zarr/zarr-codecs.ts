import { promisify } from "node:util";
import { gunzip, unzip } from "node:zlib";
import { Decoder } from "@toondepauw/node-zstd";
import crc32c from "crc-32/crc32c.js";
import * as zarr from "zarrita";
import { registerBlosc } from "../../volumes/blosc-codec.ts";
import { zstdBound } from "../zstd-bound.ts";

/** What zarrita tells a codec of the chunk. */
interface ChunkMeta {
  readonly shape: readonly number[];
  readonly dataType: string;
}

interface BytesCodec {
  decode(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

type Decode = (
  bytes: Uint8Array,
  limit: number,
  configuration: unknown,
  meta: ChunkMeta,
) => Promise<Uint8Array> | Uint8Array;

/** The names below, so that what other parts of the program read and write is left alone. */
const PREFIX = "checked.";

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(unzip);
const inflateGzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);
const zstd = new Decoder();

/**
 * The codecs from bytes to bytes that foreign chunks may use. Unlike zarrita's own, none gives more
 * bytes than the chunk can have, and a checksum is compared. Each throws an `Error` that says what
 * is wrong.
 */
const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: (bytes, limit) => inflateGzip(bytes, { maxOutputLength: limit }),
  zlib: (bytes, limit) => inflate(bytes, { maxOutputLength: limit }),
  zstd(bytes, limit) {
    const bound = zstdBound(bytes);
    if (bound > limit + 128 * 1024) throw new Error(`holds up to ${bound} bytes`);
    return zstd.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  },
  async lz4(bytes, limit, configuration, meta) {
    checkLength(bytes, 0, limit, "lz4");
    return (await load("lz4", configuration, meta)).decode(bytes);
  },
  async blosc(bytes, limit, configuration, meta) {
    checkLength(bytes, 4, limit, "Blosc");
    // The library reads on behind the end of a frame that was cut off.
    const total = bytes.length < 16 ? 0 : view(bytes).getUint32(12, true);
    if (total !== bytes.length) {
      throw new Error(`is a Blosc frame of ${total} bytes of which ${bytes.length} are there`);
    }
    return (await load("blosc", configuration, meta)).decode(bytes);
  },
  crc32c(bytes) {
    if (bytes.length < 4) throw new Error(`holds ${bytes.length} bytes, too few for its checksum`);
    const content = bytes.subarray(0, -4);
    const stored = view(bytes).getUint32(content.length, true);
    const computed = crc32c.buf(content) >>> 0;
    if (stored === computed) return content;
    throw new Error(
      `has the checksum ${computed.toString(16)}, but ${stored.toString(16)} is stored`,
    );
  },
};

/** The name to give zarrita for a codec; undefined for one that is not read. */
export function checkedCodec(name: string): string | undefined {
  return Object.hasOwn(DECODERS, name) ? PREFIX + name : undefined;
}

registerBlosc();
for (const [name, decode] of Object.entries(DECODERS)) {
  const codec = {
    fromConfig: (configuration: unknown, meta: ChunkMeta) => ({
      kind: "bytes_to_bytes",
      decode: (bytes: Uint8Array) => decode(bytes, limitOf(meta), configuration ?? {}, meta),
      // Asked of the codecs of a shard's index.
      computeEncodedSize: (size: number) => size + (name === "crc32c" ? 4 : 0),
    }),
  };
  zarr.registry.set(PREFIX + name, (() => codec) as never);
}

/** Bytes of the chunk, and what another compressor may put around what it cannot shrink. */
function limitOf({ shape, dataType }: ChunkMeta): number {
  const voxel = Number(/(\d+)$/.exec(dataType)?.[1] ?? 8) / 8;
  const bytes = shape.reduce((product, n) => product * n, voxel);
  return bytes + Math.ceil(bytes / 64) + 4096;
}

function checkLength(bytes: Uint8Array, at: number, limit: number, name: string): void {
  if (bytes.length < at + 4) throw new Error(`is a ${name} frame of ${bytes.length} bytes`);
  const length = view(bytes).getUint32(at, true);
  if (length > limit) throw new Error(`is a ${name} frame of ${length} bytes unpacked`);
}

async function load(name: string, configuration: unknown, meta: ChunkMeta): Promise<BytesCodec> {
  const codec = (await zarr.registry.get(name)!()) as unknown as {
    fromConfig(configuration: unknown, meta: ChunkMeta): BytesCodec;
  };
  return codec.fromConfig(configuration, meta);
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
