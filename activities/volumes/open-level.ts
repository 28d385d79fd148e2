import * as zarr from "zarrita";
import { CorruptData, isDomainError, NotFound, UnsupportedFormat } from "../../domain/errors.ts";
import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import type { Dtype, Zyx } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { parseJson } from "../stage/manifests.ts";
import { createZarrStore } from "../stores/zarr-store.ts";
import { registerBlosc } from "./blosc-codec.ts";
import { shardLayout } from "./shard-layout.ts";

const DTYPES = new Set<string>([
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
] satisfies Dtype[]);

/** One level of a stored volume, ready to be read. */
export interface Level {
  readonly store: ObjectStore;
  /** Key of the array, such as `volumes/<digest>.zarr/0`. */
  readonly path: string;
  readonly array: zarr.Array<Dtype>;
  readonly shape: Zyx;
  readonly dtype: Dtype;
  readonly chunk: Zyx;
  /** How our own writer laid it out; undefined for arrays that only zarrita reads. */
  readonly layout: ArrayLayout | undefined;
}

registerBlosc();

/**
 * Open a level of the volume at `prefix`. `NotFound` when there is none, `UnsupportedFormat` when
 * it is not three-dimensional or of another type of voxel.
 */
export async function openLevel(store: ObjectStore, prefix: string, level: number): Promise<Level> {
  const path = `${prefix}/${level}`;
  const key = `${path}/zarr.json`;
  const bytes = await store.get(key);
  if (bytes === undefined) throw new NotFound(`There is no array ${path}`);
  const document = parseJson(bytes, key);
  const array = await reading(path, () =>
    zarr.open
      .v3(withDocument(createZarrStore(store, path), bytes), { kind: "array" })
      .catch((error: unknown) => {
        // How zarrita takes a document that lacks a field.
        if (!(error instanceof TypeError)) throw error;
        throw new CorruptData(`${key} makes no sense: ${error.message}`, { cause: error });
      }),
  );
  if (array.shape.length !== 3 || !DTYPES.has(array.dtype)) {
    throw new UnsupportedFormat(
      `${store.url(path)} has shape [${array.shape}] and type ${array.dtype}, expected three axes of one of ${[...DTYPES].join(", ")}`,
    );
  }
  const dtype = array.dtype as Dtype;
  return {
    store,
    path,
    array: array as zarr.Array<Dtype>,
    shape: array.shape as unknown as Zyx,
    dtype,
    chunk: array.chunks as unknown as Zyx,
    layout: shardLayout(document, bytesPerVoxel(dtype)),
  };
}

/** The same store, which need not be asked again for the document that was read already. */
function withDocument(store: zarr.AsyncReadable, document: Uint8Array): zarr.AsyncReadable {
  return {
    ...store,
    get: async (key, options) =>
      key === "/zarr.json" ? document.slice() : store.get(key, options),
  };
}

/** Run a read through zarrita; what goes wrong comes out as a domain error that names the array. */
export async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isDomainError(error)) throw error;
    const cause = error instanceof Error ? error.cause : undefined;
    const message = cause instanceof Error ? cause.message : String(error);
    if (isDomainError(cause)) throw new CorruptData(`${path}: ${message}`, { cause: error });
    if (zarr.isZarritaError(error, "NotFoundError")) {
      throw new NotFound(`There is no array ${path}`, { cause: error });
    }
    if (zarr.isZarritaError(error) || error instanceof SyntaxError) {
      throw new CorruptData(`${path} cannot be read: ${message}`, { cause: error });
    }
    throw error;
  }
}
