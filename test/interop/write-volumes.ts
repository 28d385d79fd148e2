import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectStore } from "../../activities/deps.ts";
import type { VolumeRef } from "../../schemas/volume.ts";
import { keys } from "../../schemas/names.ts";
import { runPython } from "../support/run-python.ts";
import { inProcess } from "../activities/jobs/in-process.ts";
import { asActivity } from "../activities/stage/fake-stage.ts";
import { readScript } from "./read-script.ts";

/** A scan that Python made, and where the pipeline put it. */
export interface WrittenVolume {
  readonly name: string;
  readonly source: string;
  readonly shape: readonly [number, number, number];
  readonly dtype: string;
  /** How its coarser levels are to be made of the finer ones. */
  readonly mode: "mean" | "mode";
  /** The prefix in the store. */
  readonly prefix: string;
}

/** Of every scan here. */
export const VOXEL_SIZE_UM = [3, 2, 1.5] as const;

/**
 * Make scans of every type and of awkward shapes with numpy, and bring those that are `wanted` into
 * a store as the pipeline does: ingest, then downscale.
 */
export async function writeVolumes(
  folder: string,
  { store, wanted }: { readonly store?: ObjectStore; readonly wanted?: readonly string[] } = {},
): Promise<{ readonly store: ObjectStore; readonly volumes: readonly WrittenVolume[] }> {
  interface Made {
    readonly name: string;
    readonly shape: WrittenVolume["shape"];
    readonly dtype: string;
    readonly labels: boolean;
    readonly labelsDtype?: string;
  }
  const all = JSON.parse(await runPython(await readScript("make-sources.py"), folder)) as Made[];
  const made = all.filter(({ name }) => wanted?.includes(name) ?? true);
  const file = (name: string) => join(folder, `${name}.nrrd`);
  const scans = made.map(({ name, labels }) => ({
    id: name,
    source: file(name),
    voxelSizeUm: VOXEL_SIZE_UM,
    ...(labels && { labels: file(`${name}-labels`) }),
  }));
  const world = await inProcess({ scans }, store && { store });
  const { activities, spec } = world;

  async function write(scan: string, labels: boolean): Promise<VolumeRef> {
    return asActivity(async () => {
      const { result: volume } = await activities.ingest({ batch: "b", scan, spec, labels });
      await activities.downscale({ batch: "b", scan, volume, labels });
      return volume;
    });
  }

  const volumes: WrittenVolume[] = [];
  for (const { name, shape, dtype, labels, labelsDtype } of made) {
    const volume = await write(name, false);
    const prefix = keys.volume(volume.digest);
    volumes.push({ name, source: file(name), shape, dtype, mode: "mean", prefix });
    if (!labels) continue;
    const other = await write(name, true);
    volumes.push({
      name: `${name} (labels)`,
      source: file(`${name}-labels`),
      shape,
      dtype: labelsDtype!,
      mode: "mode",
      prefix: keys.volume(other.digest),
    });
  }
  return { store: world.store, volumes };
}

/** Put what lies below a prefix of a store onto the disk, for programs that read files. */
export async function putOnDisk(store: ObjectStore, prefix: string, folder: string): Promise<void> {
  for await (const { key } of store.list(`${prefix}/`)) {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, (await store.get(key))!);
  }
}
