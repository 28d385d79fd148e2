import { NotFound } from "../../domain/errors.ts";
import type { ResolvedBatch, ResolvedScan } from "../../schemas/batch.ts";
import type { ObjectStore } from "../deps.ts";
import { parseJson } from "./manifests.ts";

/** A JSON document that must be there. The caller knows its type: it was validated when it was written. */
export async function readDocument<T>(store: ObjectStore, key: string): Promise<T> {
  const found = await findDocument<T>(store, key);
  if (found === undefined) throw new NotFound(`${store.url(key)} does not exist`);
  return found;
}

/** A JSON document that may be there. */
export async function findDocument<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const bytes = await store.get(key);
  return bytes === undefined ? undefined : (parseJson(bytes, key) as T);
}

/** One scan of a stored batch, with the batch's parameters. */
export async function readScan(
  store: ObjectStore,
  spec: string,
  scan: string,
): Promise<{ readonly batch: ResolvedBatch; readonly scan: ResolvedScan }> {
  const batch = await readDocument<ResolvedBatch>(store, spec);
  const found = batch.scans.find(({ id }) => id === scan);
  if (found === undefined) throw new NotFound(`Batch ${batch.batch} has no scan ${scan}`);
  return { batch, scan: found };
}
