import { keys } from "../../schemas/names.ts";
import { quarantineRecord, type QuarantineRecord } from "../../schemas/retention.ts";
import type { ObjectStore } from "../deps.ts";
import { findDocument } from "../stage/documents.ts";
import { asStored, toJson } from "../stage/manifests.ts";
import { compile } from "../validate.ts";

const parse = compile<QuarantineRecord>(quarantineRecord);

/** What is known of a volume's quarantine; undefined where it was never moved. */
export async function readQuarantine(
  store: ObjectStore,
  digest: string,
): Promise<QuarantineRecord | undefined> {
  const key = keys.quarantineRecord(digest);
  const found = await findDocument<unknown>(store, key);
  return found === undefined ? undefined : asStored(parse, found, key);
}

export async function writeQuarantine(store: ObjectStore, record: QuarantineRecord): Promise<void> {
  await store.put(keys.quarantineRecord(record.volume), toJson(parse(record)));
}
