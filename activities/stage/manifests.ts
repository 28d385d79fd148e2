import { CorruptData } from "../../domain/errors.ts";
import { manifest as manifestSchema, type Manifest } from "../../schemas/manifest.ts";
import { keys, type Stage } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { compile } from "../validate.ts";

const parse = compile<Manifest>(manifestSchema);

/** The manifest of a stage's result, or undefined: then the result is not whole, whatever else is there. */
export async function readManifest(
  store: ObjectStore,
  stage: Stage,
  key: string,
): Promise<Manifest | undefined> {
  const path = keys.manifest(stage, key);
  const bytes = await store.get(path);
  return bytes === undefined ? undefined : parseManifest(bytes, path);
}

/** A manifest out of its bytes; `CorruptData` naming `path` when it is none. */
export function parseManifest(bytes: Uint8Array, path: string): Manifest {
  return asStored(parse, parseJson(bytes, path), path);
}

/** Check what was read back: `CorruptData`, not `InvalidInput`, because no user wrote it. */
export function asStored<T>(check: (value: unknown) => T, value: unknown, path: string): T {
  try {
    return check(value);
  } catch (cause) {
    throw new CorruptData(`${path}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Commit a result by storing its manifest, if nobody did yet.
 *
 * @returns the manifest that stands: this one, or the one that was there first
 */
export async function commitManifest(store: ObjectStore, manifest: Manifest): Promise<Manifest> {
  const key = keys.manifest(manifest.stage, manifest.key);
  if (await store.putIfAbsent(key, toJson(parse(manifest)))) return manifest;
  const earlier = await readManifest(store, manifest.stage, manifest.key);
  if (earlier === undefined) throw new CorruptData(`${key} refuses a write but cannot be read`);
  return earlier;
}

/** A JSON document out of the store; `CorruptData` naming the key when it is none. */
export function parseJson(bytes: Uint8Array, key: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptData(`${key} is not a JSON document: ${String(cause)}`, { cause });
  }
}

export function toJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);
}
