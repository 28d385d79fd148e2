import type { Downsampling } from "../../domain/volumes/pyramid.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { parseJson } from "../stage/manifests.ts";

/** The coarser levels that ingest wrote on its way, and how. */
export interface PyramidRecord {
  readonly mode: Downsampling;
  /** Of every level, level 0 first. */
  readonly shapes: readonly Zyx[];
  /** The objects of level 1 and up. */
  readonly outputs: readonly Output[];
}

/**
 * The levels that are there already, if they were made in this way and every object of them has the
 * length that it should have; undefined otherwise.
 */
export async function standingPyramid(
  store: ObjectStore,
  recordKey: string,
  prefix: string,
  mode: Downsampling,
): Promise<PyramidRecord | undefined> {
  const bytes = await store.get(recordKey);
  if (bytes === undefined) return undefined;
  const record = parseJson(bytes, recordKey) as PyramidRecord;
  if (record.mode !== mode) return undefined;
  const stored = new Map<string, number>();
  for await (const object of store.list(`${prefix}/`)) stored.set(object.key, object.bytes);
  const whole = record.outputs.every((output) => stored.get(output.key) === output.bytes);
  return whole ? record : undefined;
}
