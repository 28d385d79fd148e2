import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { ZarrArray } from "./zarr-array.ts";
import { readCounts, readFill, readNames, readSeparator, show, toDtype } from "./zarr-fields.ts";
import { type Document, toDocument, type ZarrNode } from "./zarr-node.ts";
import { type Pipeline, readPipeline } from "./zarr-pipeline.ts";

/**
 * The array that a `zarr.json` describes, sharded or not.
 * @see https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html
 */
export function readV3Array(node: ZarrNode, subject: string): ZarrArray {
  const { document } = node;
  const shape = readCounts(document["shape"], "shape", subject);
  const dtype = toDtype(document["data_type"], subject);
  const stored = readGrid(document["chunk_grid"], subject);
  const keys = readKeys(document["chunk_key_encoding"], subject);
  const fill = readFill(document["fill_value"], dtype, subject);
  const transformers = document["storage_transformers"] ?? [];
  if (!Array.isArray(transformers) || transformers.length > 0) {
    throw new UnsupportedFormat(`${subject} has the storage transformers ${show(transformers)}`);
  }
  const pipeline = { rank: shape.length, size: bytesPerVoxel(dtype), subject };
  const { codecs, chunk, indexFirst } = readCodecs(document["codecs"], stored, pipeline);
  return {
    node,
    dtype,
    shape,
    chunk,
    stored,
    indexFirst,
    keys: {
      prefix: keys.name === "default" ? `c${keys.separator}` : "",
      separator: keys.separator,
    },
    dimensionNames: readNames(document["dimension_names"], shape.length),
    fill,
    metadata: {
      zarr_format: 3,
      node_type: "array",
      shape: [...shape],
      data_type: dtype,
      chunk_grid: { name: "regular", configuration: { chunk_shape: [...stored] } },
      chunk_key_encoding: { name: keys.name, configuration: { separator: keys.separator } },
      codecs,
      fill_value: fill,
      attributes: {},
    },
  };
}

function readGrid(value: unknown, subject: string): readonly number[] {
  const { name, configuration } = toDocument(value);
  if (name !== "regular") {
    throw new UnsupportedFormat(`${subject} has the chunk grid ${show(name)}, expected regular`);
  }
  return readCounts(toDocument(configuration)["chunk_shape"], "chunk shape", subject);
}

function readKeys(value: unknown, subject: string) {
  const { name, configuration } = toDocument(value);
  if (name !== "default" && name !== "v2") {
    throw new UnsupportedFormat(
      `${subject} has the chunk keys ${show(name)}, expected default or v2`,
    );
  }
  const { separator = name === "default" ? "/" : "." } = toDocument(configuration);
  return { name, separator: readSeparator(separator, subject) } as const;
}

function readCodecs(value: unknown, stored: readonly number[], pipeline: Pipeline) {
  const { subject } = pipeline;
  const sharding = Array.isArray(value)
    ? (value as unknown[]).map(toDocument).find(({ name }) => name === "sharding_indexed")
    : undefined;
  if (sharding === undefined) {
    return { codecs: readPipeline(value, pipeline), chunk: stored, indexFirst: false };
  }
  // zarrita passes over codecs around the shard.
  if ((value as unknown[]).length > 1) {
    throw new UnsupportedFormat(`${subject} has other codecs around its shards`);
  }
  const configuration: Document = toDocument(sharding["configuration"]);
  const { index_location: where = "end" } = configuration;
  if (where !== "end" && where !== "start") {
    throw new CorruptData(`${subject} has its index at ${show(where)}, expected start or end`);
  }
  const chunk = readCounts(configuration["chunk_shape"], "chunk shape", subject);
  const index = { rank: stored.length + 1, size: 8, subject };
  const codecs = [
    {
      name: "sharding_indexed",
      configuration: {
        chunk_shape: [...chunk],
        codecs: readPipeline(configuration["codecs"], pipeline),
        index_codecs: readPipeline(configuration["index_codecs"], index),
      },
    },
  ];
  return { codecs, chunk, indexFirst: where === "start" };
}
