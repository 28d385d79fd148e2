import { CorruptData, NotFound } from "../../domain/errors.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectInfo, ObjectStore } from "../deps.ts";
import { sha256 } from "../stage/content-key.ts";
import { inParallel } from "../volumes/in-parallel.ts";
import type { LongOptions } from "../volumes/write-pyramid.ts";

/** Bytes held at once stay below about this, or three copies of the one largest object. */
const IN_FLIGHT = 256 * 1024 * 1024;
const MOST = 8;

/** Everything below `prefix/`, in key order. */
export async function listObjects(store: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  for await (const object of store.list(`${prefix}/`)) objects.push(object);
  return objects;
}

/**
 * Copy everything below `from/` to the same place below `to/`, and read each copy back before it
 * counts. Repeating it is harmless: what is there and equal is not written again.
 *
 * @param promised what manifests say of the objects; `CorruptData` when one is not so, because a
 *   damaged volume must not replace what could still be mended, `NotFound` when one is missing
 * @returns what was copied
 */
export async function copyVerified(
  store: ObjectStore,
  from: string,
  to: string,
  promised: readonly Output[],
  { signal, onProgress }: LongOptions = {},
): Promise<{ readonly objects: number; readonly bytes: number }> {
  const objects = await listObjects(store, from);
  const found = new Set(objects.map(({ key }) => key));
  const missing = promised.find(({ key }) => !found.has(key));
  if (missing !== undefined) throw new NotFound(`${store.url(missing.key)} is gone`);
  const promises = new Map(promised.map((output) => [output.key, output]));
  const total = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = objects.reduce((most, { bytes }) => Math.max(most, bytes), 1);
  const width = Math.max(1, Math.min(MOST, Math.floor(IN_FLIGHT / (3 * largest))));
  let done = 0;
  await inParallel(objects, width, async ({ key }) => {
    signal?.throwIfAborted();
    const bytes = await store.get(key);
    if (bytes === undefined) throw new NotFound(`${store.url(key)} is gone`);
    check(bytes, promises.get(key));
    const target = to + key.slice(from.length);
    if (!same(bytes, await sameLength(store, target, bytes.length))) {
      await store.put(target, bytes);
      if (!same(bytes, await store.get(target))) {
        throw new CorruptData(`${store.url(target)} does not hold what was written`);
      }
    }
    done += bytes.length;
    onProgress?.(total === 0 ? 1 : done / total);
  });
  return { objects: objects.length, bytes: total };
}

/**
 * Delete everything below `prefix/`; documents of arrays and images go first, so that from the
 * first deletion on nobody opens what is left: an array whose chunks are gone would read as zeros.
 */
export async function deleteAll(
  store: ObjectStore,
  prefix: string,
  { signal, onProgress }: LongOptions = {},
): Promise<void> {
  const objects = await listObjects(store, prefix);
  const isDocument = ({ key }: ObjectInfo) => key.endsWith("/zarr.json");
  // The shortest is the image's own.
  const documents = objects.filter(isDocument).sort((a, b) => a.key.length - b.key.length);
  for (const { key } of documents) await store.delete(key);
  let done = 0;
  const rest = objects.filter((object) => !isDocument(object));
  await inParallel(rest, MOST, async ({ key }) => {
    signal?.throwIfAborted();
    await store.delete(key);
    onProgress?.(++done / rest.length);
  });
}

async function sameLength(
  store: ObjectStore,
  key: string,
  bytes: number,
): Promise<Uint8Array | undefined> {
  return (await store.head(key))?.bytes === bytes ? store.get(key) : undefined;
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}

function check(bytes: Uint8Array, promise: Output | undefined): void {
  if (promise === undefined) return;
  if (bytes.length !== promise.bytes) {
    throw new CorruptData(
      `${promise.key} has ${bytes.length} bytes, its manifest says ${promise.bytes}`,
    );
  }
  if (promise.sha256 !== undefined && sha256(bytes) !== promise.sha256) {
    throw new CorruptData(`${promise.key} does not have the digest that its manifest says`);
  }
}
