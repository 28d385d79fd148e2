import { CorruptData } from "../../domain/errors.ts";
import { mapAxes } from "../../domain/volumes/box.ts";
import type { Box, Dtype, Zyx } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { readDocument } from "../stage/documents.ts";
import { openLevel } from "../volumes/open-level.ts";

/** One level of a stored volume: how its objects are laid out. */
export interface StoredArray {
  /** The image that it is a level of. */
  readonly prefix: string;
  readonly level: number;
  readonly shape: Zyx;
  readonly dtype: Dtype;
  /** Voxels of one stored object. */
  readonly object: Zyx;
  /** Chunks in one stored object, where it is a shard of our own writer. */
  readonly chunks: number | undefined;
}

interface ArrayDocument {
  readonly chunk_grid: { readonly configuration: { readonly chunk_shape: Zyx } };
}

/** Read the document of the array at `prefix/level`; `CorruptData` when it makes no sense. */
export async function readStoredArray(store: ObjectStore, path: string): Promise<StoredArray> {
  const [, prefix = "", level = ""] = /^(.+)\/(\d+)$/.exec(path) ?? [];
  if (prefix === "") throw new CorruptData(`${path} is not the level of a volume`);
  const { shape, dtype, layout } = await openLevel(store, prefix, Number(level));
  const document = await readDocument<ArrayDocument>(store, `${path}/zarr.json`);
  const object = document.chunk_grid.configuration.chunk_shape;
  const chunks =
    layout === undefined
      ? undefined
      : layout.shard.reduce((product, n, axis) => product * (n / layout.chunk[axis]!), 1);
  return { prefix, level: Number(level), shape, dtype, object, chunks };
}

/** The voxels that the object `c/z/y/x` of an array holds; `CorruptData` when it lies outside. */
export function objectRegion({ shape, object }: StoredArray, key: string): Box {
  const index = /\/c\/(\d+)\/(\d+)\/(\d+)$/.exec(key)?.slice(1).map(Number) ?? [];
  const region = mapAxes((axis) => [
    index[axis]! * object[axis],
    Math.min(shape[axis], (index[axis]! + 1) * object[axis]),
  ]);
  if (index.length === 3 && region.every(([lo, hi]) => lo < hi)) return region;
  throw new CorruptData(`${key} lies outside an array of ${shape.join("×")}`);
}
