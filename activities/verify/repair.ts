import { CorruptData } from "../../domain/errors.ts";
import type { ObjectStore } from "../deps.ts";
import { keys } from "../../schemas/names.ts";
import type { Repair } from "./plan-repair.ts";

/**
 * Move the documents and objects of a plan aside, to `quarantine/damaged/`; nothing is thrown away.
 * Manifests go first: a manifest exists if and only if its result is whole.
 *
 * @returns how many were moved; what is gone already is none
 */
export async function repair(
  store: ObjectStore,
  { documents, objects }: Repair,
  signal: AbortSignal,
): Promise<number> {
  let moved = 0;
  for (const key of [...documents, ...objects]) {
    signal.throwIfAborted();
    const bytes = await store.get(key);
    if (bytes === undefined) continue;
    const target = keys.damaged(key);
    await store.put(target, bytes);
    if ((await store.head(target))?.bytes !== bytes.length) {
      throw new CorruptData(`${store.url(target)} does not hold what was written`);
    }
    await store.delete(key);
    moved++;
  }
  return moved;
}
