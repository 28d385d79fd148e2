import type { CodecMetadata } from "zarrita";
import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { checkedCodec } from "./zarr-codecs.ts";
import { show } from "./zarr-fields.ts";
import { type Document, toDocument } from "./zarr-node.ts";

/** What the codecs of a chunk work on. */
export interface Pipeline {
  readonly rank: number;
  /** Bytes per voxel. */
  readonly size: number;
  readonly subject: string;
}

/** Codecs that only writing needs: what they gave up cannot be brought back. */
const LOSSY = new Set(["bitround"]);

/**
 * The codecs of a chunk as zarrita should use them: checked ones under their own names, and none
 * that it would pass over or take for another. `UnsupportedFormat` names the first that is not read.
 */
export function readPipeline(codecs: unknown, pipeline: Pipeline): CodecMetadata[] {
  const { subject } = pipeline;
  if (!Array.isArray(codecs)) {
    throw new CorruptData(`${subject} has the codecs ${show(codecs)}, expected a list`);
  }
  const read: CodecMetadata[] = [];
  for (const value of codecs as unknown[]) {
    const document = toDocument(value);
    const { name } = document;
    if (typeof name !== "string") {
      throw new CorruptData(`${subject} has the codec ${show(value)}, expected one with a name`);
    }
    const plain = name.replace(/^numcodecs\./, "");
    if (!LOSSY.has(plain))
      read.push(readCodec(plain, toDocument(document["configuration"]), pipeline));
  }
  const transposed = read.filter(({ name }) => name === "transpose");
  if (transposed.length > 1) throw new UnsupportedFormat(`${subject} is transposed more than once`);
  return read;
}

function readCodec(name: string, configuration: Document, pipeline: Pipeline): CodecMetadata {
  const { rank, size, subject } = pipeline;
  const given = { ...configuration };
  switch (name) {
    case "bytes": {
      const { endian = "little" } = configuration;
      if (endian === "little" || endian === "big") return { name, configuration: { endian } };
      throw new CorruptData(
        `${subject} has the byte order ${show(endian)}, expected little or big`,
      );
    }
    case "transpose": {
      const order = toOrder(configuration["order"], rank);
      if (order !== undefined) return { name, configuration: { order } };
      throw new CorruptData(
        `${subject} is transposed by ${show(configuration["order"])}, expected an order of ${rank} axes`,
      );
    }
    case "shuffle": {
      const { elementsize = 4 } = configuration;
      // zarrita takes the size of the voxel, whatever this says.
      if (elementsize === size) return { name: "numcodecs.shuffle", configuration: given };
      throw new UnsupportedFormat(
        `${subject} shuffles elements of ${show(elementsize)} bytes, expected ${size}`,
      );
    }
    case "delta": {
      const { dtype, astype = dtype } = configuration;
      if (dtype === astype) return { name: "numcodecs.delta", configuration: given };
      throw new UnsupportedFormat(
        `${subject} stores differences as ${show(astype)}, expected ${show(dtype)}`,
      );
    }
  }
  const checked = checkedCodec(name);
  if (checked !== undefined) return { name: checked, configuration: given };
  throw new UnsupportedFormat(
    `${subject} is stored with the codec ${name}; bytes, transpose, sharding_indexed, blosc, zstd, gzip, zlib, lz4, crc32c, shuffle and delta are read`,
  );
}

function toOrder(order: unknown, rank: number): number[] | undefined {
  const axes = Array.from({ length: rank }, (_, i) => i);
  if (order === "C") return axes;
  if (order === "F") return axes.reverse();
  if (!Array.isArray(order) || order.length !== rank) return undefined;
  return axes.every((axis) => order.includes(axis)) ? (order as number[]) : undefined;
}
