import type * as zarr from "zarrita";
import { Capacity, CorruptData } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";
import type { ZarrNode } from "./zarr-node.ts";
import { readV2Array } from "./zarr-v2.ts";
import { readV3Array } from "./zarr-v3.ts";

/** An array of Zarr, checked, in the words of Zarr v3, with the codecs of `checkedCodec`. */
export interface ZarrArray {
  readonly node: ZarrNode;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** What is decoded at once. */
  readonly chunk: readonly number[];
  /** What one object stores: a chunk, or a shard of chunks. */
  readonly stored: readonly number[];
  /** The index of a shard stands at its start, not at its end. */
  readonly indexFirst: boolean;
  readonly keys: { readonly prefix: string; readonly separator: "." | "/" };
  readonly dimensionNames: readonly (string | null)[] | undefined;
  /** The value of every voxel that is not stored. */
  readonly fill: number;
  readonly metadata: zarr.ArrayMetadata<Dtype>;
}

/** A chunk is decoded whole. */
const MAX_CHUNK_BYTES = 1024 ** 3;
/** A shard's index is read whole. */
const MAX_CHUNKS_PER_SHARD = 2 ** 20;

/**
 * Check the document of an array. `UnsupportedFormat` for types, codecs and extensions that are not
 * read, `CorruptData` for what makes no sense, `Capacity` for chunks over 1 GiB.
 *
 * @param subject the scan and the array, for messages
 */
export function readZarrArray(node: ZarrNode, subject: string): ZarrArray {
  const array = node.zarrFormat === 3 ? readV3Array(node, subject) : readV2Array(node, subject);
  const { shape, chunk, stored, dtype } = array;
  if (chunk.length !== shape.length || stored.length !== shape.length) {
    throw new CorruptData(`${subject} has shape [${shape}] but chunks of [${chunk}]`);
  }
  if (stored.some((n, i) => n % chunk[i]! !== 0)) {
    throw new CorruptData(
      `${subject} has shards of [${stored}], no multiple of chunks of [${chunk}]`,
    );
  }
  const bytes = product(chunk) * bytesPerVoxel(dtype);
  if (bytes > MAX_CHUNK_BYTES) {
    throw new Capacity(
      `${subject} has chunks of [${chunk}] ${dtype}, ${bytes} bytes each; a chunk is decoded whole, and up to ${MAX_CHUNK_BYTES} bytes are allowed: write it again with smaller chunks`,
    );
  }
  const perShard = product(stored.map((n, i) => n / chunk[i]!));
  if (perShard > MAX_CHUNKS_PER_SHARD) {
    throw new Capacity(
      `${subject} has ${perShard} chunks in a shard, expected up to ${MAX_CHUNKS_PER_SHARD}`,
    );
  }
  return array;
}

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);
