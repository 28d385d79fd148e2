import { isDomainError, StoreDenied, StoreUnavailable } from "../../domain/errors.ts";
import { keys, type Stage } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { readQuarantine } from "../retention/quarantine-record.ts";
import { parseManifest } from "../stage/manifests.ts";
import type { PromisedResult, Promises, VerifyProblem } from "./promise.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

interface AboutResult {
  /** The document that names the result. */
  readonly by: string;
  readonly scan?: string | undefined;
  /** The whole volume that the result is part of. */
  readonly volume?: string | undefined;
}

/** Gathers promises; what cannot be read becomes a problem, except a store that is away. */
export interface PromiseList extends Mutable<Promises> {
  /** Add the result of a stage, out of its place or of quarantine; a problem when it is in neither. */
  addResult(stage: Stage, key: string, about: AboutResult): Promise<void>;
  /** Add a manifest that was found at `path`. */
  addFound(path: string, scan: string | undefined, volume?: string): Promise<void>;
  /** Read something that must be readable; a problem of kind `undecodable` names it where it is not. */
  attempt<T>(key: string, read: () => Promise<T>): Promise<T | undefined>;
}

export function createPromiseList(store: ObjectStore): PromiseList {
  const results: PromisedResult[] = [];
  const problems: VerifyProblem[] = [];
  const notes: string[] = [];
  const added = new Set<string>();

  async function attempt<T>(key: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!isDomainError(error)) throw error;
      if (error instanceof StoreUnavailable || error instanceof StoreDenied) throw error;
      problems.push({ kind: "undecodable", key, message: error.message });
      return undefined;
    }
  }

  async function addFound(path: string, scan: string | undefined, volume?: string): Promise<void> {
    if (added.has(path)) return;
    added.add(path);
    const bytes = await store.get(path);
    if (bytes === undefined) return;
    const manifest = await attempt(path, async () => parseManifest(bytes, path));
    if (manifest === undefined) return;
    const moved =
      volume === undefined
        ? undefined
        : { from: keys.volume(volume), to: keys.quarantinedVolume(volume) };
    results.push({ path, manifest, ...(scan && { scan }), ...(moved && { moved }) });
  }

  return {
    results,
    targets: [],
    objects: [],
    problems,
    notes,
    attempt,
    addFound,
    async addResult(stage, key, { by, scan, volume }) {
      const path = keys.manifest(stage, key);
      if (added.has(path)) return;
      if ((await store.head(path)) !== undefined) return addFound(path, scan);
      if (volume !== undefined) {
        const aside = keys.quarantinedManifest(volume, stage, key);
        if ((await store.head(aside)) !== undefined) return addFound(aside, scan, volume);
        const record = await attempt(keys.quarantineRecord(volume), () =>
          readQuarantine(store, volume),
        );
        if (record?.state === "purged" || record?.state === "purging") {
          if (stage === "ingest") notes.push(purgeNote(scan ?? volume, record.purgedAt));
          return;
        }
      }
      added.add(path);
      problems.push({
        ...{ kind: "missing", key: path, manifest: by },
        ...(scan && { scan }),
        message: `${by} names a result of ${stage} that has no manifest: it is not whole`,
      });
    },
  };
}

function purgeNote(scan: string, at = "an unknown time"): string {
  return `The whole volume of ${scan} was purged at ${at}: its crop is all there is`;
}
