import type { KeyParts, Manifest } from "../../schemas/manifest.ts";
import type { Stage } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { manifestAside } from "../retention/volume-aside.ts";
import { parseManifest, readManifest } from "../stage/manifests.ts";
import { inParallel } from "../volumes/in-parallel.ts";

/** How many manifests of one stage are read, and how many objects are listed to find them. */
const MOST_MANIFESTS = 400;
const MOST_LISTED = 20_000;
const AT_ONCE = 12;

/** The results of stages that a store holds. Every manifest is read once. */
export interface StageHistory {
  /** A result, where it is whole; also where it lies in quarantine. */
  find(parts: KeyParts, key: string): Promise<Manifest | undefined>;
  /** A result by its name alone. */
  read(stage: Stage, key: string): Promise<Manifest | undefined>;
  /** Results of one stage, in the order of their keys (which is no order): all, or as many as are read. */
  sample(stage: Stage): Promise<{ readonly manifests: readonly Manifest[]; readonly cut: boolean }>;
}

/** There is no index from scans to results: manifests are listed and read, within bounds that are told. */
export function createStageHistory(store: ObjectStore): StageHistory {
  const known = new Map<string, Promise<Manifest | undefined>>();
  const samples = new Map<Stage, ReturnType<StageHistory["sample"]>>();

  function once(name: string, read: () => Promise<Manifest | undefined>) {
    const found = known.get(name) ?? read();
    known.set(name, found);
    return found;
  }
  const read = (stage: Stage, key: string) =>
    once(`${stage}/${key}`, () => readManifest(store, stage, key));

  async function list(stage: Stage): ReturnType<StageHistory["sample"]> {
    const paths: string[] = [];
    let listed = 0;
    let cut = false;
    for await (const { key } of store.list(`stages/${stage}/`)) {
      if (paths.length === MOST_MANIFESTS || listed === MOST_LISTED) {
        cut = true;
        break;
      }
      listed++;
      if (key.split("/").length === 4 && key.endsWith("/manifest.json")) paths.push(key);
    }
    const manifests: Manifest[] = [];
    await inParallel(paths, AT_ONCE, async (path) => {
      const bytes = await store.get(path);
      if (bytes !== undefined) manifests.push(parseManifest(bytes, path));
    });
    return { manifests: manifests.sort((a, b) => (a.key < b.key ? -1 : 1)), cut };
  }

  return {
    read,
    find: async (parts, key) =>
      (await read(parts.stage, key)) ??
      (await once(`aside/${parts.stage}/${key}`, () => manifestAside(store, parts, key))),
    sample(stage) {
      const found = samples.get(stage) ?? list(stage);
      samples.set(stage, found);
      return found;
    },
  };
}
