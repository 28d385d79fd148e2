import type { ObjectStore } from "../deps.ts";

/** What lies below a prefix. */
export async function storedBytes(
  store: ObjectStore,
  prefix: string,
): Promise<{ readonly bytes: number; readonly objects: number }> {
  let bytes = 0;
  let objects = 0;
  for await (const object of store.list(prefix)) {
    bytes += object.bytes;
    objects++;
  }
  return { bytes, objects };
}
