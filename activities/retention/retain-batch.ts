import { isDomainError, NotFound, StoreDenied, StoreUnavailable } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import { batchStatus, type BatchStatus, type ScanStatus } from "../../schemas/result.ts";
import type { Retained, RetainResult } from "../../schemas/retention.ts";
import type { ObjectStore, Progress } from "../deps.ts";
import { findDocument } from "../stage/documents.ts";
import { asStored, readManifest } from "../stage/manifests.ts";
import { compile } from "../validate.ts";
import { cropProblem } from "./crop-problem.ts";
import { readQuarantine } from "./quarantine-record.ts";
import { quarantineVolume } from "./quarantine-volume.ts";
import { createVolumeManifests } from "./volume-manifests.ts";
import { reasonToKeep, volumeUsers } from "./volume-users.ts";

const parse = compile<BatchStatus>(batchStatus);
const DAY_MS = 24 * 60 * 60 * 1000;

export interface RetainRequest {
  readonly batch: string;
  readonly days: number;
  readonly now: Date;
}

/**
 * Move the whole volumes of a settled batch's cropped scans aside, one after the other. A volume
 * stays, with the reason, when its crop is not whole or somebody else needs it; what cannot be
 * moved never keeps the others from it. Only a store that is away ends it, and then it may be
 * repeated.
 */
export async function retainBatch(
  store: ObjectStore,
  { batch, days, now }: RetainRequest,
  options: { readonly signal: AbortSignal; readonly progress: (progress: Progress) => void },
): Promise<RetainResult> {
  const { signal, progress } = options;
  const key = keys.batchResult(batch);
  const found = await findDocument<unknown>(store, key);
  if (found === undefined) throw new NotFound(`Batch ${batch} has left no result in the store yet`);
  const cropped = asStored(parse, found, key).scans.filter(({ outcome }) => outcome === "cropped");
  const users = await volumeUsers(store);
  const manifests = createVolumeManifests(store);
  const until = new Date(now.getTime() + days * DAY_MS).toISOString();

  async function retain(status: ScanStatus, share: (fraction: number) => void): Promise<Retained> {
    const { scan, volume } = status;
    if (volume === undefined) return { state: "kept", reason: `${scan} has no volume` };
    // The result in the store says what this batch asks for only once it is saved.
    const others = (users.get(volume) ?? []).filter((user) => {
      const itself = user.batch === batch && user.status.outcome === "cropped" && !user.asLabels;
      return !itself;
    });
    const reason = (await cropProblem(store, status)) ?? reasonToKeep(others);
    if (reason !== undefined) return { state: "kept", reason };
    const source = (await readManifest(store, "ingest", volume))?.parts.inputs["source"];
    const moved = await quarantineVolume(
      store,
      {
        ...{ volume, since: now.toISOString(), until, batch, scan, manifests },
        ...(typeof source === "string" ? { source } : {}),
      },
      { signal, onProgress: share },
    );
    if (moved !== undefined) return { state: "quarantined", until: moved.until };
    const earlier = await readQuarantine(store, volume);
    return earlier?.state === "purged" || earlier?.state === "purging"
      ? { state: "purged" }
      : { state: "kept", reason: `The volume of ${scan} is not whole` };
  }

  const scans: { scan: string; retained: Retained }[] = [];
  for (const [index, status] of cropped.entries()) {
    signal.throwIfAborted();
    const note = `quarantine ${status.scan} (${index + 1} of ${cropped.length})`;
    const share = (fraction: number) =>
      progress({ fraction: (index + fraction) / cropped.length, note });
    share(0);
    try {
      scans.push({ scan: status.scan, retained: await retain(status, share) });
    } catch (error) {
      signal.throwIfAborted();
      if (!isDomainError(error)) throw error;
      if (error instanceof StoreUnavailable || error instanceof StoreDenied) throw error;
      scans.push({ scan: status.scan, retained: { state: "kept", reason: error.message } });
    }
  }
  return { scans };
}
