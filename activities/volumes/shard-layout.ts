import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";

interface Codec {
  readonly name?: string;
  readonly configuration?: {
    readonly endian?: string;
    readonly typesize?: number;
    readonly shuffle?: string;
    readonly chunk_shape?: readonly number[];
    readonly codecs?: readonly Codec[];
    readonly index_codecs?: readonly Codec[];
    readonly index_location?: string;
  };
}

interface ArrayDocument {
  readonly chunk_grid?: { readonly configuration?: { readonly chunk_shape?: readonly number[] } };
  readonly chunk_key_encoding?: {
    readonly name?: string;
    readonly configuration?: { readonly separator?: string };
  };
  readonly fill_value?: unknown;
  readonly codecs?: readonly Codec[];
}

/**
 * The layout of an array that is stored as `arrayMetadata` says; undefined for any other, which
 * zarrita reads.
 */
export function shardLayout(document: unknown, voxelBytes: number): ArrayLayout | undefined {
  const { chunk_grid, chunk_key_encoding, fill_value, codecs } = document as ArrayDocument;
  const [only, ...more] = codecs ?? [];
  const sharding = only?.name === "sharding_indexed" ? only.configuration : undefined;
  const shard = chunk_grid?.configuration?.chunk_shape;
  const chunk = sharding?.chunk_shape;
  if (more.length > 0 || shard?.length !== 3 || chunk?.length !== 3) return undefined;
  const { codecs: inner = [], index_codecs = [], index_location = "end" } = sharding ?? {};
  const [bytes, blosc] = inner;
  const usual =
    fill_value === 0 &&
    (chunk_key_encoding?.name ?? "default") === "default" &&
    (chunk_key_encoding?.configuration?.separator ?? "/") === "/" &&
    index_location === "end" &&
    isLittle(index_codecs[0], 8) &&
    index_codecs[1]?.name === "crc32c" &&
    index_codecs.length === 2 &&
    inner.length === 2 &&
    isLittle(bytes, voxelBytes) &&
    blosc?.name === "blosc" &&
    blosc.configuration?.shuffle === (voxelBytes > 1 ? "shuffle" : "noshuffle");
  // One layer of chunks to a shard: what the reader and the writer take in one go.
  const flat = shard[0] === chunk[0] && shard.every((n, axis) => n % chunk[axis]! === 0);
  return usual && flat
    ? { chunk: chunk as unknown as Zyx, shard: shard as unknown as Zyx }
    : undefined;
}

function isLittle(codec: Codec | undefined, bytes: number): boolean {
  return codec?.name === "bytes" && (bytes === 1 || codec.configuration?.endian === "little");
}
