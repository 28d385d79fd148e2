import { createHash } from "node:crypto";
import { isDomainError, StoreDenied, StoreUnavailable } from "../../domain/errors.ts";
import type { Output } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { CropResult, DownscaleResult } from "../../schemas/stages.ts";
import type { ViewRef, VolumeRef } from "../../schemas/volume.ts";
import type { ObjectStore } from "../deps.ts";
import { contentKey } from "../stage/content-key.ts";
import { readDocument } from "../stage/documents.ts";
import { inParallel } from "../volumes/in-parallel.ts";
import { readBox } from "../volumes/read-box.ts";
import { parseShardIndex, shardIndexBytes } from "../volumes/shard.ts";
import { checkGroup } from "./check-group.ts";
import { placeOf, type PromisedResult, type VerifyProblem } from "./promise.ts";
import { objectRegion, readStoredArray, type StoredArray } from "./stored-array.ts";

/** Objects read at once, and bytes of one read: together what is in memory. */
const WIDTH = 8;
const PART = 8 * 1024 * 1024;

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Decode every voxel. */
  readonly deep: boolean;
  /** Called with the promised bytes of every object that was looked at. */
  readonly onObject: (bytes: number) => void;
}

type Report = (kind: VerifyProblem["kind"], key: string, message: string) => void;

/**
 * Read again all that one manifest promises: its own name, every object's length and digest, that
 * arrays have the shapes of the result, that the index of every shard is right; `deep` decodes every
 * voxel. Bounded memory, whatever the size of an object.
 */
export async function verifyResult(
  store: ObjectStore,
  promised: PromisedResult,
  { signal, deep, onObject }: VerifyOptions,
): Promise<VerifyProblem[]> {
  const { manifest, path, scan } = promised;
  const problems: VerifyProblem[] = [];
  const report: Report = (kind, key, message) =>
    void problems.push({ kind, key, manifest: path, ...(scan && { scan }), message });
  if (contentKey(manifest.parts) !== manifest.key || !path.includes(manifest.key)) {
    report("wrong-digest", path, "Its key is not the digest of its parts");
  }
  const arrays = new Map<string, Promise<StoredArray | undefined>>();
  const arrayAt = (at: string) => {
    let array = arrays.get(at);
    if (array === undefined) {
      // The document itself is looked at in its own turn; elsewhere it may belong to another result.
      array = readStoredArray(store, at).catch((error: unknown) => {
        throwUnlessDamage(error);
        return undefined;
      });
      arrays.set(at, array);
    }
    return array;
  };
  const shapes = expectedShapes(promised);

  await inParallel(manifest.outputs, WIDTH, async (output) => {
    signal.throwIfAborted();
    const key = placeOf(promised, output.key);
    const sound = await verifyBytes(store, { ...output, key }, report, signal);
    onObject(output.bytes);
    if (!sound) return;
    try {
      const array = /^(.+\/\d+)\/(?:zarr\.json|c\/.+)$/.exec(key)?.[1];
      if (key.endsWith("/zarr.json")) {
        if (array === undefined) checkGroup(await readDocument<unknown>(store, key), key);
        else await verifyShape(store, array, shapes.get(array), report);
      } else if (array !== undefined) {
        const found = await arrayAt(array);
        if (found !== undefined) await verifyChunks(store, key, output.bytes, found, deep);
      }
    } catch (error) {
      throwUnlessDamage(error);
      report("undecodable", key, (error as Error).message);
    }
  });
  return problems;
}

/** Length and digest, read part by part. */
async function verifyBytes(
  store: ObjectStore,
  { key, bytes, sha256 }: Output,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  const info = await store.head(key);
  if (info === undefined) {
    report("missing", key, "It is not there");
    return false;
  }
  if (info.bytes !== bytes) {
    report("wrong-size", key, `It has ${info.bytes} bytes, its manifest says ${bytes}`);
    return false;
  }
  if (sha256 === undefined) return true;
  const hash = createHash("sha256");
  for (let offset = 0; offset < bytes; offset += PART) {
    signal.throwIfAborted();
    const part = await store.getRange(key, { offset, length: Math.min(PART, bytes - offset) });
    if (part === undefined) break;
    hash.update(part);
  }
  const found = hash.digest("hex");
  if (found === sha256) return true;
  report("wrong-digest", key, `It has the sha256 ${found}, its manifest says ${sha256}`);
  return false;
}

async function verifyShape(
  store: ObjectStore,
  path: string,
  expected: readonly number[] | undefined,
  report: Report,
): Promise<void> {
  const { shape } = await readStoredArray(store, path);
  if (expected === undefined || shape.join() === expected.join()) return;
  report(
    "wrong-shape",
    `${path}/zarr.json`,
    `The array has shape ${shape.join("×")}, its manifest says ${expected.join("×")}`,
  );
}

async function verifyChunks(
  store: ObjectStore,
  key: string,
  bytes: number,
  array: StoredArray,
  deep: boolean,
): Promise<void> {
  const region = objectRegion(array, key);
  if (array.chunks !== undefined) {
    const index = await store.getRange(key, { suffixLength: shardIndexBytes(array.chunks) });
    parseShardIndex(index ?? new Uint8Array(), array.chunks, key, bytes);
  }
  if (deep) await readBox(store, array.prefix, array.level, region);
}

/** The shape of each array that a result speaks of, by the path of the array. */
function expectedShapes(promised: PromisedResult): ReadonlyMap<string, readonly number[]> {
  const { manifest } = promised;
  const { stage, key, parts } = manifest;
  const result: unknown = manifest.result;
  const levels = (prefix: string, shapes: readonly (readonly number[])[]) =>
    shapes.map((shape, level) => [`${placeOf(promised, prefix)}/${level}`, shape] as const);
  switch (stage) {
    case "ingest":
      return new Map(levels(keys.volume(key), [(result as VolumeRef).shape]));
    case "downscale": {
      const volume = String(parts.inputs["volume"]);
      return new Map(levels(keys.volume(volume), (result as DownscaleResult).shapes));
    }
    case "crop":
      return new Map(levels(keys.crop(key), [(result as CropResult).shape]));
    case "suppress": {
      const { shape } = result as ViewRef;
      return new Map(levels(`${keys.stage(stage, key)}/view.zarr`, [shape, shape]));
    }
    case "pretrain":
    case "localize":
    case "refine":
    case "reconcile":
    case "segment":
      return new Map();
  }
}

/** A store that is away, a caller that stops, a bug: these are not damage. */
function throwUnlessDamage(error: unknown): void {
  if (!isDomainError(error)) throw error;
  if (error instanceof StoreUnavailable || error instanceof StoreDenied) throw error;
}
