import { percentiles } from "../../domain/volumes/statistics.ts";
import { omeMetadata, type VolumeDescription } from "../../domain/volumes/ome-metadata.ts";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { putObject } from "./put-object.ts";
import { readLevel } from "./read-box.ts";

/** Voxels darker or brighter than all but one in a thousand do not set a viewer's window. */
const WINDOW = [0.001, 0.999] as const;

/**
 * Store the document that makes the arrays below `prefix` an OME-Zarr image. The display window is
 * taken from the coarsest level unless it is given; labels have none.
 */
export async function describeVolume(
  store: ObjectStore,
  prefix: string,
  volume: VolumeDescription,
): Promise<Output> {
  let { window } = volume;
  if (window === undefined && volume.labels === undefined) {
    const { data } = await readLevel(store, prefix, volume.shapes.length - 1);
    window = percentiles(data, WINDOW) as [number, number];
  }
  const document = Buffer.from(
    JSON.stringify(omeMetadata({ ...volume, ...(window && { window }) }), null, 1),
  );
  return putObject(store, `${prefix}/zarr.json`, document);
}
