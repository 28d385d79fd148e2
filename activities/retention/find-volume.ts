import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { readQuarantine } from "./quarantine-record.ts";

/** Where the voxels of a whole volume can be read. */
export interface FoundVolume {
  readonly where: "volume" | "quarantined";
  /** Of the OME-Zarr image. */
  readonly prefix: string;
}

/**
 * Where a volume is whole: in its place, or in quarantine; undefined where it is neither (purged,
 * or never ingested). Trusts a manifest or a record of state `quarantined`, and nothing else:
 * objects that merely lie about may be half a volume, whose holes read as zeros.
 */
export async function findVolume(
  store: ObjectStore,
  digest: string,
): Promise<FoundVolume | undefined> {
  const record = await readQuarantine(store, digest);
  if (record?.state === "quarantined") {
    return { where: "quarantined", prefix: keys.quarantinedVolume(digest) };
  }
  if (record?.state === "purging") return undefined;
  const manifest = await store.head(keys.manifest("ingest", digest));
  return manifest === undefined ? undefined : { where: "volume", prefix: keys.volume(digest) };
}

/** The prefix to read a volume at: its place in quarantine where it lies there, else its own place. */
export async function volumePrefix(store: ObjectStore, digest: string): Promise<string> {
  const found = await findVolume(store, digest);
  return found?.prefix ?? keys.volume(digest);
}
