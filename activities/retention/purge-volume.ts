import { NotFound } from "../../domain/errors.ts";
import type { QuarantineRecord } from "../../schemas/retention.ts";
import type { ObjectStore } from "../deps.ts";
import type { LongOptions } from "../volumes/write-pyramid.ts";
import { readQuarantine, writeQuarantine } from "./quarantine-record.ts";
import { dropCopy } from "./restore-volume.ts";

/**
 * Delete a volume in quarantine for good. Only `microtome retention purge` calls this, after it has
 * listed what goes and was told yes. The record stays and says when.
 */
export async function purgeVolume(
  store: ObjectStore,
  digest: string,
  now: Date,
  options: LongOptions = {},
): Promise<QuarantineRecord> {
  const record = await readQuarantine(store, digest);
  if (record?.state !== "quarantined" && record?.state !== "purging") {
    throw new NotFound(`Volume ${digest} is not in quarantine`);
  }
  // Before the first object goes: half a copy is nobody's shell.
  await writeQuarantine(store, { ...record, state: "purging" });
  await dropCopy(store, digest, options);
  const done: QuarantineRecord = { ...record, state: "purged", purgedAt: now.toISOString() };
  await writeQuarantine(store, done);
  return done;
}
