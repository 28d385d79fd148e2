import type { RetainResult } from "../../schemas/retention.ts";
import type { Job } from "../engine/job.ts";
import { retainBatch } from "../retention/retain-batch.ts";
import { restoreVolume } from "../retention/restore-volume.ts";
import type { JobDeps } from "./index.ts";

export interface RetainJob {
  readonly batch: string;
  readonly days: number;
  /** ISO 8601. */
  readonly now: string;
}

/** Move the whole volumes of a batch's cropped scans into quarantine. */
export function createRetainJob({ store }: Pick<JobDeps, "store">): Job<RetainJob, RetainResult> {
  return ({ batch, days, now }, context) =>
    retainBatch(store, { batch, days, now: new Date(now) }, context);
}

/** Bring a volume back from quarantine, because a stage is about to read it. */
export function createRestoreJob({
  store,
}: Pick<JobDeps, "store">): Job<{ readonly volume: string }, { readonly bytes: number }> {
  return async ({ volume }, { signal, progress }) => {
    const note = "bringing the volume back from quarantine";
    const { bytes } = await restoreVolume(store, volume, {
      signal,
      onProgress: (fraction) => progress({ fraction, note }),
    });
    return { bytes };
  };
}
