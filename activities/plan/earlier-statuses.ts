import { keys, type Stage } from "../../schemas/names.ts";
import type { BatchStatus } from "../../schemas/result.ts";
import type { ObjectStore } from "../deps.ts";
import { findDocument } from "../stage/documents.ts";
import { inParallel } from "../volumes/in-parallel.ts";

const MOST = 100;
const AT_ONCE = 4;

/** The keys of results that earlier batches had for their scans. */
export interface EarlierKeys {
  /** Of a stage of the scan with this id, the asking batch's own first. */
  of(scan: string, stage: Stage): readonly string[];
  /** More batches are stored than were read. */
  readonly cut: boolean;
}

/** Read how batches ended: the given one, and at most so many others. */
export async function readEarlierKeys(store: ObjectStore, batch: string): Promise<EarlierKeys> {
  const others: string[] = [];
  let cut = false;
  for await (const { key } of store.list("batches/")) {
    if (!/^batches\/[^/]+\/result\.json$/.test(key) || key === keys.batchResult(batch)) continue;
    if (others.length === MOST) {
      cut = true;
      break;
    }
    others.push(key);
  }
  const paths = [keys.batchResult(batch), ...others];
  const found = new Map<string, BatchStatus>();
  await inParallel(paths, AT_ONCE, async (path) => {
    const status = await findDocument<BatchStatus>(store, path);
    if (status !== undefined) found.set(path, status);
  });
  const index = new Map<string, string[]>();
  for (const path of paths) {
    for (const { scan, stages } of found.get(path)?.scans ?? []) {
      for (const [stage, record] of Object.entries(stages ?? {})) {
        const name = `${scan}/${stage}`;
        const list = index.get(name) ?? [];
        list.push(...record.key.split(","));
        index.set(name, list);
      }
    }
  }
  return { of: (scan, stage) => [...new Set(index.get(`${scan}/${stage}`))], cut };
}
