import { CorruptData } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { ZarrArray } from "./zarr-array.ts";
import { readCounts, readFill, readNames, readSeparator, show, toDtype } from "./zarr-fields.ts";
import { type Document, toDocument, type ZarrNode } from "./zarr-node.ts";
import { readPipeline } from "./zarr-pipeline.ts";

/** numpy's names without the byte order. */
const NAMES: Readonly<Record<string, string>> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

/**
 * The array that a `.zarray` describes.
 * @see https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html
 */
export function readV2Array(node: ZarrNode, subject: string): ZarrArray {
  const { document, attributes } = node;
  if (document["zarr_format"] !== 2) {
    throw new CorruptData(
      `${subject} says zarr_format ${show(document["zarr_format"])}, expected 2`,
    );
  }
  const shape = readCounts(document["shape"], "shape", subject);
  const chunk = readCounts(document["chunks"], "chunk shape", subject);
  const [, order, name = ""] = /^([<>|])(.+)$/.exec(String(document["dtype"])) ?? [];
  const dtype = toDtype(NAMES[name] ?? document["dtype"], subject);
  const fill = readFill(document["fill_value"] ?? null, dtype, subject);
  const separator = readSeparator(document["dimension_separator"] ?? ".", subject);
  const codecs = readPipeline(
    [
      ...(isFortran(document, subject)
        ? [{ name: "transpose", configuration: { order: "F" } }]
        : []),
      ...toCodecs(document["filters"] ?? [], subject),
      { name: "bytes", configuration: { endian: order === ">" ? "big" : "little" } },
      ...toCodecs([document["compressor"] ?? []].flat(), subject),
    ],
    { rank: shape.length, size: bytesPerVoxel(dtype), subject },
  );
  return {
    node,
    dtype,
    shape,
    chunk,
    stored: chunk,
    indexFirst: false,
    keys: { prefix: "", separator },
    dimensionNames: readNames(attributes["_ARRAY_DIMENSIONS"], shape.length),
    fill,
    metadata: {
      zarr_format: 3,
      node_type: "array",
      shape: [...shape],
      data_type: dtype,
      chunk_grid: { name: "regular", configuration: { chunk_shape: [...chunk] } },
      chunk_key_encoding: { name: "v2", configuration: { separator } },
      codecs,
      fill_value: fill,
      attributes: {},
    },
  };
}

function isFortran({ order }: Document, subject: string): boolean {
  if (order === "F") return true;
  if (order === "C") return false;
  throw new CorruptData(`${subject} has the order ${show(order)}, expected C or F`);
}

/** Filters and compressors of numcodecs in the words of Zarr v3. */
function toCodecs(filters: unknown, subject: string): { name: unknown; configuration: Document }[] {
  if (!Array.isArray(filters)) {
    throw new CorruptData(`${subject} has the filters ${show(filters)}, expected a list`);
  }
  return filters.map((filter: unknown) => {
    const { id: name, ...configuration } = toDocument(filter);
    return { name, configuration };
  });
}
