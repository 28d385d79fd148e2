import { keys } from "../../schemas/names.ts";
import type { ObjectStore, Progress } from "../deps.ts";
import { allPromises, batchPromises } from "./gather-promises.ts";
import type { VerifyProblem } from "./promise.ts";
import { verifyResult } from "./verify-result.ts";

/** What `verify` found. */
export interface Verified {
  readonly checked: {
    readonly manifests: number;
    readonly objects: number;
    readonly bytes: number;
  };
  readonly problems: readonly VerifyProblem[];
  /** What is not there and need not be, in words. */
  readonly notes: readonly string[];
}

export interface VerifyRequest {
  /** Only what this batch promises; else everything. */
  readonly batch?: string | undefined;
  readonly deep?: boolean | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Read again everything that is promised, and say what is not so. Changes nothing. */
export async function verifyStore(
  store: ObjectStore,
  { batch, deep = false, signal, onProgress }: VerifyRequest,
): Promise<Verified> {
  onProgress?.({ fraction: 0, note: "gathering manifests" });
  const promises =
    batch === undefined ? await allPromises(store) : await batchPromises(store, batch);
  const problems = [...promises.problems];
  const total = promises.results.reduce((sum, { manifest }) => sum + sizeOf(manifest.outputs), 0);
  let [objects, bytes] = [0, 0];
  for (const promised of promises.results) {
    signal.throwIfAborted();
    const { stage } = promised.manifest;
    const found = await verifyResult(store, promised, {
      ...{ signal, deep },
      onObject: (size) => {
        objects++;
        bytes += size;
        const note = `${stage}${promised.scan === undefined ? "" : ` of ${promised.scan}`}`;
        onProgress?.({ fraction: total === 0 ? 1 : bytes / total, note });
      },
    });
    problems.push(...found);
  }
  for (const { key, message } of promises.objects) {
    objects++;
    const found = await store.head(key);
    if (found === undefined) problems.push({ kind: "missing", key, message });
    else bytes += found.bytes;
  }
  // Whoever points at a result that is not whole must not be followed either.
  const damaged = new Set(problems.flatMap(({ key, manifest }) => [key, manifest ?? key]));
  for (const { path, stage, key } of promises.targets) {
    const manifest = keys.manifest(stage, key);
    if (!damaged.has(manifest) && (await store.head(manifest)) !== undefined) continue;
    const message = `It points at ${manifest}, which is missing or damaged`;
    problems.push({ kind: "missing", key: path, message });
  }
  return {
    checked: { manifests: promises.results.length, objects, bytes },
    problems,
    notes: promises.notes,
  };
}

function sizeOf(outputs: readonly { readonly bytes: number }[]): number {
  return outputs.reduce((sum, { bytes }) => sum + bytes, 0);
}
