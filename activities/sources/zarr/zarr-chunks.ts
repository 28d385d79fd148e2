import { CorruptData } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import { filesAt } from "../files/files-at.ts";
import type { ZarrArray } from "./zarr-array.ts";

/** An object that stores a chunk, or a shard of chunks. */
export interface StoredChunk {
  /** Relative to the array. */
  readonly key: string;
  /** Where it is in the grid of chunks (or of shards). */
  readonly at: readonly number[];
}

/** Where more chunks than so many are missing for one that is stored, no specimen was scanned. */
const MAX_SPARSENESS = 1000;
/** Smaller volumes may be as sparse as they like. */
const LARGE = 1024 ** 3;

/**
 * The chunks of an array that are stored, in the order of their keys; what lies outside of the array,
 * or has no chunk's name, is not among them. `CorruptData` when there are none, or next to none of a
 * large volume: its copy was cut off, or its shape is wrong.
 */
export async function listChunks(
  array: ZarrArray,
  subject: string,
  scan: string,
): Promise<readonly StoredChunk[]> {
  const { keys, shape, stored, node, dtype } = array;
  const grid = shape.map((n, i) => Math.ceil(n / stored[i]!));
  const files = await filesAt(node.path, scan).walk(node.path, scan);
  const found: StoredChunk[] = [];
  for (const { name: key } of files) {
    if (!key.startsWith(keys.prefix)) continue;
    const parts = key.slice(keys.prefix.length).split(keys.separator);
    if (parts.length !== grid.length || !parts.every((part) => /^(0|[1-9]\d*)$/.test(part)))
      continue;
    const at = parts.map(Number);
    if (at.every((n, i) => n < grid[i]!)) found.push({ key, at });
  }
  const all = product(grid);
  const bytes = product(shape) * bytesPerVoxel(dtype);
  if (found.length === 0 || (bytes > LARGE && all > MAX_SPARSENESS * found.length)) {
    throw new CorruptData(
      `${subject} has only ${found.length} of its ${all} chunks (${exampleKey(array)}, …)`,
    );
  }
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/** How the first chunk is called. */
function exampleKey({ keys, shape }: ZarrArray): string {
  return keys.prefix + shape.map(() => 0).join(keys.separator);
}

const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);
