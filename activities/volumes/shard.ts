import crc32c from "crc-32/crc32c.js";
import { CorruptData } from "../../domain/errors.ts";

/**
 * Zarr v3 shards: chunks behind each other (ours with a few bytes between them), then an index of two 64-bit numbers per chunk (offset
 * and length, all ones where there is none) and its crc32c.
 * @see https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html
 */

const ENTRY = 16;
const CHECKSUM = 4;
/** Chunks begin at multiples of it: V8 copies into shared memory byte by byte where words do not match. */
const ALIGNMENT = 8;
const ABSENT = 0xffffffffffffffffn;

/** Where a chunk lies in its shard; undefined for one that is all fill value. */
export type ShardEntry = { readonly offset: number; readonly length: number } | undefined;

/** Bytes of the index of a shard of so many chunks. */
export function shardIndexBytes(chunks: number): number {
  return chunks * ENTRY + CHECKSUM;
}

/**
 * Put chunks together into a shard.
 *
 * @param shard where it goes: as long as all chunks and the index can be
 */
export function createShardBuilder(chunks: number, shard: Uint8Array) {
  const index = new Uint8Array(shardIndexBytes(chunks));
  const view = new DataView(index.buffer);
  let [number, end] = [0, 0];
  return {
    /**
     * Add the next chunk in C order: `pack` puts it into the shard from `at` on and says where it
     * ends; undefined where it is all fill value.
     */
    add(pack: ((shard: Uint8Array, at: number) => number) | undefined): void {
      const start = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
      if (pack !== undefined) {
        shard.fill(0, end, start);
        end = pack(shard, start);
      }
      const entry = number++ * ENTRY;
      view.setBigUint64(entry, pack === undefined ? ABSENT : BigInt(start), true);
      view.setBigUint64(entry + 8, pack === undefined ? ABSENT : BigInt(end - start), true);
    },
    /** The length of the shard; 0 when it has no chunk at all. */
    finish(): number {
      if (end === 0) return 0;
      const checksum = crc32c.buf(index.subarray(0, chunks * ENTRY)) >>> 0;
      view.setUint32(chunks * ENTRY, checksum, true);
      shard.set(index, end);
      return end + index.length;
    },
  };
}

/**
 * Read the index of a shard. `CorruptData` unless its checksum is right and every chunk lies in the
 * shard.
 *
 * @param index the last `shardIndexBytes(chunks)` bytes of the shard
 * @param shardBytes length of the shard, index included; undefined when nobody knows
 */
export function parseShardIndex(
  index: Uint8Array,
  chunks: number,
  name: string,
  shardBytes?: number,
): readonly ShardEntry[] {
  if (index.length !== shardIndexBytes(chunks)) {
    throw new CorruptData(
      `${name} is truncated: its index has ${index.length} bytes, expected ${shardIndexBytes(chunks)}`,
    );
  }
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const stored = view.getUint32(chunks * ENTRY, true);
  const computed = crc32c.buf(index.subarray(0, chunks * ENTRY)) >>> 0;
  if (stored !== computed) {
    throw new CorruptData(
      `${name} is damaged: its index has the checksum ${computed}, expected ${stored}`,
    );
  }
  const limit = (shardBytes ?? Infinity) - index.length;
  return Array.from({ length: chunks }, (_, i) => {
    const [offset, length] = [
      view.getBigUint64(i * ENTRY, true),
      view.getBigUint64(i * ENTRY + 8, true),
    ];
    if (offset === ABSENT && length === ABSENT) return undefined;
    const entry = { offset: Number(offset), length: Number(length) };
    if (entry.offset + entry.length <= limit) return entry;
    throw new CorruptData(`${name} is damaged: chunk ${i} lies outside it`);
  });
}
