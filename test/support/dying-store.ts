import type { ObjectStore } from "../../activities/deps.ts";

/** The process died here; nothing after it happened. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/**
 * A store whose process is killed after so many writes and deletions: each one after that throws
 * and does nothing. `changes` counts those that happened.
 */
export function dyingStore(
  inner: ObjectStore,
  after: number,
): ObjectStore & { readonly changes: () => number } {
  let changes = 0;
  const alive = () => {
    if (changes >= after) throw new Killed(`after ${after} changes`);
    changes++;
  };
  return {
    ...inner,
    changes: () => changes,
    async put(key, bytes) {
      alive();
      await inner.put(key, bytes);
    },
    async putIfAbsent(key, bytes) {
      alive();
      return inner.putIfAbsent(key, bytes);
    },
    async delete(key) {
      alive();
      await inner.delete(key);
    },
  };
}
