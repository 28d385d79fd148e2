import { NotFound } from "../../domain/errors.ts";
import type { Localizer } from "../../schemas/calibration.ts";
import type { KeyParts, Manifest } from "../../schemas/manifest.ts";
import { keys, type Stage } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { readManifest } from "../stage/manifests.ts";

/**
 * What found a scan's box, out of the parts of its reconcile result and the manifests that those
 * name: parameters, versions of stages, networks. Equal for scans that are found in the same way;
 * nothing of the scan itself is in it, and nothing of the margin.
 *
 * `NotFound` where one of those manifests is gone.
 */
export async function describeLocalizer(
  store: ObjectStore,
  parts: KeyParts,
  targetSize: number,
): Promise<Localizer> {
  const { method, threshold, score, minConfidence } = parts.parameters as Localizer;
  const [profile] = (parts.inputs["profiles"] ?? []) as readonly string[];
  const [refined] = (parts.inputs["refined"] ?? []) as readonly string[];
  const view = await partsOf(store, "suppress", parts.inputs["view"] as string);
  const localized = profile === undefined ? undefined : await partsOf(store, "localize", profile);
  const seen = refined === undefined ? undefined : await partsOf(store, "refine", refined);
  return {
    "localize.method": method!,
    "localize.threshold": threshold!,
    "localize.minConfidence": minConfidence!,
    ...(method === "rotation" ? { "localize.score": score! } : {}),
    "downscale.targetSize": targetSize,
    "container.suppress": view.parameters["container"] as string,
    versions: [view, localized, seen, parts].map((of) => of?.version ?? 0).join("."),
    ...(localized === undefined
      ? {}
      : {
          encoder: localized.inputs["encoder"] as string,
          ...(localized.parameters["stride"] === undefined
            ? {}
            : { "localize.stride": localized.parameters["stride"] as number }),
        }),
    ...(seen === undefined ? {} : { "refinement network": seen.inputs["refiner"] as string }),
  };
}

async function partsOf(store: ObjectStore, stage: Stage, key: string): Promise<Manifest["parts"]> {
  const found = await readManifest(store, stage, key);
  if (found === undefined) throw new NotFound(`${keys.manifest(stage, key)} does not exist`);
  return found.parts;
}
