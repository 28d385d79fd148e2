import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { readManifest } from "../stage/manifests.ts";
import { verifyResult } from "../verify/verify-result.ts";

/**
 * Read crops again, every byte, and decode every voxel: what is wrong with the first that is not as
 * its manifest says, as a sentence; undefined when all are. For what cannot be taken back.
 */
export async function cropDamage(
  store: ObjectStore,
  crops: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const crop of crops) {
    const path = keys.manifest("crop", crop);
    const manifest = await readManifest(store, "crop", crop);
    if (manifest === undefined) return `${path} does not exist: the crop is not whole`;
    const options = { signal, deep: true, onObject: () => undefined };
    const [problem] = await verifyResult(store, { path, manifest }, options);
    if (problem !== undefined) return `${problem.key}: ${problem.message}`;
  }
  return undefined;
}
