import { NotFound } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { QuarantineRecord } from "../../schemas/retention.ts";
import type { ObjectStore } from "../deps.ts";
import { toJson } from "../stage/manifests.ts";
import type { LongOptions } from "../volumes/write-pyramid.ts";
import { copyVerified, deleteAll } from "./move-objects.ts";
import { readQuarantine, writeQuarantine } from "./quarantine-record.ts";
import { quarantinedManifests, type VolumeManifests } from "./volume-manifests.ts";

export interface QuarantineRequest extends Pick<
  QuarantineRecord,
  "volume" | "since" | "until" | "batch" | "scan" | "source"
> {
  readonly manifests: VolumeManifests;
}

/**
 * Move a whole volume aside. Resumable: killed between any two writes, it loses nothing and goes on
 * where it was when it is called again.
 *
 * 1. record `copying`: the original counts
 * 2. copy the objects and the manifests, each copy read back and compared
 * 3. record `quarantined`: from here on the copy counts
 * 4. delete the manifests (downscale, then ingest), then the objects, documents of arrays first
 *
 * A manifest exists if and only if its result is whole: it goes before the first object does.
 *
 * @returns the record; undefined where there is no whole volume to move
 */
export async function quarantineVolume(
  store: ObjectStore,
  request: QuarantineRequest,
  options: LongOptions = {},
): Promise<QuarantineRecord | undefined> {
  const { volume, manifests } = request;
  let record = await readQuarantine(store, volume);
  if (record?.state !== "quarantined") {
    try {
      record = await copyAside(store, request, options);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      // Somebody else may have finished the same move meanwhile.
      record = await adopt(store, volume, options);
      if (record === undefined) throw error;
    }
  }
  if (record === undefined) return undefined;
  if (record.until < request.until) {
    // The clock of the latest batch counts: nobody's days are cut short.
    record = { ...record, until: request.until };
    await writeQuarantine(store, record);
  }
  for (const { stage, key } of await manifests.of(volume)) {
    await store.delete(keys.manifest(stage, key));
  }
  await deleteAll(store, keys.volume(volume), options);
  return record;
}

async function copyAside(
  store: ObjectStore,
  { manifests, ...about }: QuarantineRequest,
  options: LongOptions,
): Promise<QuarantineRecord | undefined> {
  const { volume } = about;
  const committed = await manifests.of(volume);
  if (!committed.some(({ stage }) => stage === "ingest")) return adopt(store, volume, options);
  const record = { format: 1, ...about, objects: 0, bytes: 0 } as const;
  await writeQuarantine(store, { ...record, state: "copying" });
  const copied = await copyVerified(
    store,
    keys.volume(volume),
    keys.quarantinedVolume(volume),
    committed.flatMap(({ outputs }) => outputs),
    options,
  );
  for (const manifest of committed) {
    const key = keys.quarantinedManifest(volume, manifest.stage, manifest.key);
    await store.put(key, toJson(manifest));
  }
  const done: QuarantineRecord = { ...record, ...copied, state: "quarantined" };
  await writeQuarantine(store, done);
  return done;
}

/** Where the original is gone but a whole copy is there, two moves met: the copy counts after all. */
async function adopt(
  store: ObjectStore,
  volume: string,
  options: LongOptions,
): Promise<QuarantineRecord | undefined> {
  const record = await readQuarantine(store, volume);
  if (record?.state === "quarantined") return record;
  if (record?.state !== "copying") return undefined;
  const aside = await quarantinedManifests(store, volume);
  if (!aside.some(({ stage }) => stage === "ingest")) return undefined;
  const [from, to] = [keys.volume(volume), keys.quarantinedVolume(volume)];
  const outputs = aside.flatMap((manifest) => manifest.outputs);
  const moved = outputs.map((output) => ({ ...output, key: to + output.key.slice(from.length) }));
  // Onto itself: nothing is written, everything is read and compared.
  const found = await copyVerified(store, to, to, moved, options);
  const done: QuarantineRecord = { ...record, ...found, state: "quarantined" };
  await writeQuarantine(store, done);
  return done;
}
