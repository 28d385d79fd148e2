import { bytesPerVoxel } from "./dtype.ts";
import type { Json, JsonObject } from "./ome-metadata.ts";
import { AXIS_NAMES, type Dtype, type Zyx } from "./shape.ts";

/** How the voxels of one level are divided: shards are stored objects, chunks are compressed parts of them. */
export interface ArrayLayout {
  readonly chunk: Zyx;
  /** A whole number of chunks along y and x, one along z. */
  readonly shard: Zyx;
}

/** Voxels per chunk along each axis, less where the axis is shorter. */
const CHUNK = 64;
/** A writer holds a row of chunks, as deep as one of them; wider planes get flatter chunks. */
const MAX_ROW_BYTES = 512 * 1024 * 1024;
const FLATTEST = 8;
/** Chunks that are flatter than a cube are wider, so that they stay worth compressing. */
const FLAT_EDGE = 128;
/** Voxels per shard along y and x at most: 32 MiB of 16-bit voxels, one put for an object store. */
const SHARD = 512;

/** The layout of a level of this shape. */
export function arrayLayout(shape: Zyx, dtype: Dtype): ArrayLayout {
  const [z, y, x] = shape;
  const planeBytes = y * x * bytesPerVoxel(dtype);
  let depth = CHUNK;
  while (depth > FLATTEST && depth * planeBytes > MAX_ROW_BYTES) depth /= 2;
  const edge = depth === CHUNK ? CHUNK : FLAT_EDGE;
  const chunk: Zyx = [Math.min(depth, z), Math.min(edge, y), Math.min(edge, x)];
  return { chunk, shard: [chunk[0], shardEdge(y, chunk[1]), shardEdge(x, chunk[2])] };
}

/** Voxels of a shard along an axis of `n`, so that all shards but the last are equal and none is a sliver. */
function shardEdge(n: number, chunk: number): number {
  const chunks = Math.ceil(n / chunk);
  const shards = Math.ceil(chunks / Math.max(1, Math.floor(SHARD / chunk)));
  return Math.ceil(chunks / shards) * chunk;
}

/**
 * The Zarr v3 document of one level: shards of little-endian voxels in Blosc frames (zstd 1, bytes
 * shuffled), each with its index at the end. A chunk or shard that is not stored is all zero.
 * @see https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html
 */
export function arrayMetadata(shape: Zyx, dtype: Dtype, { chunk, shard }: ArrayLayout): JsonObject {
  const typesize = bytesPerVoxel(dtype);
  const bytes: Json = { name: "bytes", configuration: { endian: "little" } };
  const blosc: Json = {
    name: "blosc",
    configuration: {
      typesize,
      cname: "zstd",
      clevel: 1,
      shuffle: typesize > 1 ? "shuffle" : "noshuffle",
      blocksize: 0,
    },
  };
  return {
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type: dtype,
    chunk_grid: { name: "regular", configuration: { chunk_shape: shard } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      {
        name: "sharding_indexed",
        configuration: {
          chunk_shape: chunk,
          codecs: [bytes, blosc],
          index_codecs: [bytes, { name: "crc32c" }],
          index_location: "end",
        },
      },
    ],
    dimension_names: [...AXIS_NAMES],
    attributes: {},
  };
}
