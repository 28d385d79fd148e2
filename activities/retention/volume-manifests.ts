import type { Manifest } from "../../schemas/manifest.ts";
import { keys, type Stage } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { parseManifest, readManifest } from "../stage/manifests.ts";

/** The manifests that promise objects of volumes, so that none is left behind when one moves. */
export interface VolumeManifests {
  /** Of a volume; downscale first, ingest last: the order in which they may go. */
  of(digest: string): Promise<readonly Manifest[]>;
}

const DOWNSCALE = /^stages\/downscale\/([0-9a-f]{64})\/manifest\.json$/;

/**
 * Look the manifests of volumes up. What was downscaled is known only to the manifests themselves,
 * so all of that stage are read once, when the first volume is asked for.
 */
export function createVolumeManifests(store: ObjectStore): VolumeManifests {
  let downscaled: Promise<Map<string, string[]>> | undefined;
  const index = async () => {
    const byVolume = new Map<string, string[]>();
    for await (const { key: path } of store.list("stages/downscale/")) {
      const key = DOWNSCALE.exec(path)?.[1];
      if (key === undefined) continue;
      const volume = (await readManifest(store, "downscale", key))?.parts.inputs["volume"];
      if (typeof volume === "string") byVolume.set(volume, [...(byVolume.get(volume) ?? []), key]);
    }
    return byVolume;
  };
  return {
    async of(digest) {
      downscaled ??= index();
      const found: Manifest[] = [];
      for (const key of (await downscaled).get(digest) ?? []) {
        const manifest = await readManifest(store, "downscale", key);
        if (manifest !== undefined) found.push(manifest);
      }
      const ingested = await readManifest(store, "ingest", digest);
      if (ingested !== undefined) found.push(ingested);
      return found;
    },
  };
}

/** The manifests that moved aside with a volume; ingest first: the order in which they come back. */
export async function quarantinedManifests(
  store: ObjectStore,
  digest: string,
): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (const stage of ["ingest", "downscale"] as const) {
    for await (const { key } of store.list(`quarantine/${digest}/manifests/${stage}/`)) {
      const bytes = await store.get(key);
      if (bytes !== undefined) found.push(parseManifest(bytes, key));
    }
  }
  return found;
}

/** The manifest of a stage whose result lies in quarantine. */
export async function readQuarantinedManifest(
  store: ObjectStore,
  digest: string,
  stage: Stage,
  key: string,
): Promise<Manifest | undefined> {
  const path = keys.quarantinedManifest(digest, stage, key);
  const bytes = await store.get(path);
  return bytes === undefined ? undefined : parseManifest(bytes, path);
}
