import { NotFound } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { QuarantineRecord } from "../../schemas/retention.ts";
import type { ObjectStore } from "../deps.ts";
import { toJson } from "../stage/manifests.ts";
import type { LongOptions } from "../volumes/write-pyramid.ts";
import { copyVerified, deleteAll } from "./move-objects.ts";
import { readQuarantine, writeQuarantine } from "./quarantine-record.ts";
import { quarantinedManifests } from "./volume-manifests.ts";

/**
 * Bring a volume back from quarantine, the reverse of `quarantineVolume` and as resumable:
 *
 * 1. copy the objects back, each read back and compared
 * 2. put the manifests (ingest, then downscale): the original is whole
 * 3. record `restored`: from here on the original counts
 * 4. delete the copy, the record last
 *
 * `NotFound` where there is nothing in quarantine.
 */
export async function restoreVolume(
  store: ObjectStore,
  digest: string,
  options: LongOptions = {},
): Promise<QuarantineRecord> {
  const record = await readQuarantine(store, digest);
  if (record?.state !== "quarantined" && record?.state !== "restored") {
    throw new NotFound(
      `Volume ${digest} is not in quarantine${record?.purgedAt === undefined ? "" : `: it was purged at ${record.purgedAt}`}`,
    );
  }
  if (record.state === "quarantined") {
    const manifests = await quarantinedManifests(store, digest);
    const [from, to] = [keys.quarantinedVolume(digest), keys.volume(digest)];
    const promised = manifests
      .flatMap(({ outputs }) => outputs)
      .map((output) => ({ ...output, key: from + output.key.slice(to.length) }));
    await copyVerified(store, from, to, promised, options);
    for (const manifest of manifests) {
      await store.putIfAbsent(keys.manifest(manifest.stage, manifest.key), toJson(manifest));
    }
    await writeQuarantine(store, { ...record, state: "restored" });
  }
  await dropCopy(store, digest, options);
  await store.delete(keys.quarantineRecord(digest));
  return record;
}

/** Delete what lies in quarantine of a volume, but for the record. */
export async function dropCopy(
  store: ObjectStore,
  digest: string,
  options: LongOptions = {},
): Promise<void> {
  for (const { stage, key } of await quarantinedManifests(store, digest)) {
    await store.delete(keys.quarantinedManifest(digest, stage, key));
  }
  await deleteAll(store, keys.quarantinedVolume(digest), options);
}
