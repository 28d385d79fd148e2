import { bytesPerVoxel } from "./dtype.ts";
import type { Json, JsonObject } from "./ome-metadata.ts";
import { AXIS_NAMES, type Dtype, type Zyx } from "./shape.ts";

/** Voxels per chunk along each axis, less where the axis is shorter. */
const CHUNK = 64;
/** Writers and readers hold a row of chunks; large scans get flatter ones, so that it fits. */
const MAX_ROW_BYTES = 400 * 1024 * 1024;
const FLATTEST = 8;

/** The chunk of a volume that does not ask for another. */
export function defaultChunk([z, y, x]: Zyx, dtype: Dtype): Zyx {
  const planeBytes = y * x * bytesPerVoxel(dtype);
  let depth = CHUNK;
  while (depth > FLATTEST && depth * planeBytes > MAX_ROW_BYTES) depth /= 2;
  return [Math.min(depth, z), Math.min(CHUNK, y), Math.min(CHUNK, x)];
}

/**
 * The Zarr v3 document of one level: little-endian voxels in Blosc frames (zstd 1, bytes shuffled).
 * A chunk that is not stored is all zero.
 * @see https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html
 */
export function arrayMetadata(shape: Zyx, dtype: Dtype, chunk: Zyx): JsonObject {
  const typesize = bytesPerVoxel(dtype);
  const codecs: Json = [
    { name: "bytes", configuration: { endian: "little" } },
    {
      name: "blosc",
      configuration: {
        typesize,
        cname: "zstd",
        clevel: 1,
        shuffle: typesize > 1 ? "shuffle" : "noshuffle",
        blocksize: 0,
      },
    },
  ];
  return {
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type: dtype,
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunk } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs,
    dimension_names: [...AXIS_NAMES],
    attributes: {},
  };
}
