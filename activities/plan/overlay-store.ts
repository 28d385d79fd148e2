import type { ObjectStore } from "../deps.ts";

/**
 * A store that reads from another and keeps what is written to itself, for this process alone: what
 * decides about a batch can be asked what it would decide, and nothing has happened.
 */
export function createOverlayStore(below: ObjectStore): ObjectStore {
  const written = new Map<string, Uint8Array>();
  return {
    ...{ url: (key) => below.url(key), list: (prefix) => below.list(prefix) },
    get: async (key) => written.get(key)?.slice() ?? (await below.get(key)),
    getRange: (key, range) => below.getRange(key, range),
    put: async (key, bytes) => void written.set(key, bytes.slice()),
    async putIfAbsent(key, bytes) {
      if (written.has(key) || (await below.head(key)) !== undefined) return false;
      written.set(key, bytes.slice());
      return true;
    },
    async head(key) {
      const bytes = written.get(key);
      return bytes === undefined ? below.head(key) : { key, bytes: bytes.length };
    },
    delete: async (key) => void written.delete(key),
  };
}
