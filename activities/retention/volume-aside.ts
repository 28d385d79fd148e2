import { StoreUnavailable } from "../../domain/errors.ts";
import type { KeyParts, Manifest } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { readQuarantine } from "./quarantine-record.ts";
import { readQuarantinedManifest } from "./volume-manifests.ts";

/** The whole volume that a stage makes or reads; undefined where it has to do with none. */
export function volumeOf({ stage, inputs }: KeyParts, key: string): string | undefined {
  const volume = stage === "ingest" ? key : inputs["volume"];
  return typeof volume === "string" ? volume : undefined;
}

/** The manifest of a result that lies in quarantine: as good as one in its place. */
export async function manifestAside(
  store: ObjectStore,
  parts: KeyParts,
  key: string,
): Promise<Manifest | undefined> {
  const volume = volumeOf(parts, key);
  if (volume === undefined || (parts.stage !== "ingest" && parts.stage !== "downscale")) {
    return undefined;
  }
  const record = await readQuarantine(store, volume);
  return record?.state === "quarantined"
    ? readQuarantinedManifest(store, volume, parts.stage, key)
    : undefined;
}

/** Whether a stage's volume lies in quarantine, where no job looks for it. */
export async function isAside(store: ObjectStore, volume: string | undefined): Promise<boolean> {
  return volume !== undefined && (await readQuarantine(store, volume))?.state === "quarantined";
}

/**
 * Throws, to be tried again, when a volume was moved aside while it was read: what was read of it
 * may be holes. To be asked after the last read and before the commit.
 */
export async function stillThere(store: ObjectStore, volume: string | undefined): Promise<void> {
  if (!(await isAside(store, volume))) return;
  throw new StoreUnavailable(`Volume ${volume} was moved to quarantine while it was read`);
}
