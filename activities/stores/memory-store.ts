import type { ObjectStore } from "../deps.ts";
import { resolveRange } from "./byte-range.ts";
import { checkKey, checkPrefix } from "./key.ts";

/** A store that lives as long as the process: for tests and for looking at a result without keeping it. */
export function createMemoryStore(): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  return {
    url: (key) => `memory:${key}`,
    async get(key) {
      return objects.get(checkKey(key))?.slice();
    },
    async getRange(key, range) {
      const bytes = objects.get(checkKey(key));
      const [start, end] = resolveRange(range, bytes?.length ?? 0);
      return bytes?.slice(start, end);
    },
    async put(key, bytes) {
      objects.set(checkKey(key), new Uint8Array(bytes));
    },
    async putIfAbsent(key, bytes) {
      if (objects.has(checkKey(key))) return false;
      objects.set(key, new Uint8Array(bytes));
      return true;
    },
    async head(key) {
      const bytes = objects.get(checkKey(key));
      return bytes === undefined ? undefined : { key, bytes: bytes.length };
    },
    async *list(prefix) {
      checkPrefix(prefix);
      const found = [...objects.keys()].filter((key) => key.startsWith(prefix));
      for (const key of found.sort(byUtf8)) {
        const bytes = objects.get(key);
        if (bytes !== undefined) yield { key, bytes: bytes.length };
      }
    },
    async delete(key) {
      objects.delete(checkKey(key));
    },
  };
}

/** The order in which S3 lists keys. */
function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
