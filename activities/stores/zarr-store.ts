import type { AbsolutePath, AsyncMutable, GetOptions, RangeQuery } from "zarrita";
import type { ObjectStore } from "../deps.ts";

/**
 * What zarrita needs of a store, over the objects below `prefix`: Zarr's `/zarr.json` is the key
 * `<prefix>/zarr.json`.
 */
export function createZarrStore(store: ObjectStore, prefix: string): Required<AsyncMutable> {
  const base = prefix.replace(/\/$/, "");
  return {
    async get(key: AbsolutePath, options?: GetOptions) {
      options?.signal?.throwIfAborted();
      return store.get(base + key);
    },
    async getRange(key: AbsolutePath, range: RangeQuery, options?: GetOptions) {
      options?.signal?.throwIfAborted();
      return store.getRange(base + key, range);
    },
    set: (key: AbsolutePath, value: Uint8Array) => store.put(base + key, value),
  };
}
