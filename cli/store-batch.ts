import type { ObjectStore } from "../activities/deps.ts";
import { canonicalJson, sha256 } from "../activities/stage/content-key.ts";
import { toJson } from "../activities/stage/manifests.ts";
import type { BatchTruth, ResolvedBatch } from "../schemas/batch.ts";
import { keys } from "../schemas/names.ts";

/** Store a specification under its digest: equal specifications have one key. Returns the key. */
export async function storeSpec(store: ObjectStore, spec: ResolvedBatch): Promise<string> {
  const key = keys.batchSpec(spec.batch, sha256(canonicalJson(spec)));
  await store.putIfAbsent(key, toJson(spec));
  return key;
}

/** Store what is known of a batch's scans; what an earlier submission knew is replaced. */
export async function storeTruth(
  store: ObjectStore,
  batch: string,
  truth: BatchTruth,
): Promise<void> {
  if (Object.keys(truth).length > 0) await store.put(keys.batchTruth(batch), toJson(truth));
}
