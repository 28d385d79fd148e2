import type { ScanStatus } from "../../schemas/result.ts";
import type { ObjectStore } from "../deps.ts";
import { readManifest } from "../stage/manifests.ts";
import { findMissing } from "../verify/find-missing.ts";

/** Why the crop of a scan cannot stand in for its volume, as a sentence; undefined when it can. */
export async function cropProblem(
  store: ObjectStore,
  { scan, crop, outcome, state }: ScanStatus,
): Promise<string | undefined> {
  if (crop === undefined) return `${scan} has no crop (it is ${outcome ?? state})`;
  const manifest = await readManifest(store, "crop", crop);
  if (manifest === undefined) return `The crop of ${scan} has no manifest: it is not whole`;
  const missing = await findMissing(store, manifest.outputs);
  return missing === undefined ? undefined : `The crop of ${scan} is damaged: ${missing}`;
}
