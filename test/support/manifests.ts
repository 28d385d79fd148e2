import { readManifest } from "../../activities/stage/manifests.ts";
import type { ObjectStore } from "../../activities/deps.ts";
import type { Manifest } from "../../schemas/manifest.ts";
import { STAGES } from "../../schemas/names.ts";

/** Every manifest in a store. */
export async function allManifests(store: ObjectStore): Promise<Manifest[]> {
  const found: Manifest[] = [];
  for (const stage of STAGES) {
    for await (const { key } of store.list(`stages/${stage}/`)) {
      const digest = /^stages\/[a-z]+\/([0-9a-f]{64})\/manifest\.json$/.exec(key)?.[1];
      if (digest === undefined) continue;
      const manifest = await readManifest(store, stage, digest);
      if (manifest !== undefined) found.push(manifest);
    }
  }
  return found;
}

/** When each manifest was written: two readings are equal if and only if nothing ran between them. */
export function stamps(manifests: readonly Manifest[]): Record<string, string> {
  return Object.fromEntries(
    manifests.map(({ stage, key, run }) => [`${stage}/${key}`, run.startedAt]),
  );
}
