import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../deps.ts";
import { createDirectoryStore } from "../stores/directory-store.ts";
import { describeVolume } from "./describe-volume.ts";
import type { ExportedVolume } from "./exported-volume.ts";
import type { VolumeInfo } from "./volume-info.ts";
import { createPyramidWriter } from "./pyramid-writer.ts";
import { writePlanes } from "./write-planes.ts";

/** Fill the folder `path` through a store: what `fill` puts below its root becomes the folder. */
export async function writeZarr(
  path: string,
  fill: (target: ObjectStore, root: string) => Promise<void>,
): Promise<void> {
  const work = `${path}.work`;
  try {
    await fill(createDirectoryStore({ root: work }), "volume.zarr");
    await rename(join(work, "volume.zarr"), path);
  } finally {
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Write a part of a volume as a volume of its own, with its own pyramid. */
export async function writePart(
  target: ObjectStore,
  root: string,
  info: VolumeInfo,
  volume: ExportedVolume,
): Promise<void> {
  const { shape, dtype, voxelSizeUm, origin, placement, signal } = volume;
  const mode = info.downsampling;
  const writer = createPyramidWriter(target, root, { shape, dtype, mode, signal });
  const { shapes } = await writePlanes(writer, volume.planes);
  await describeVolume(target, root, {
    name: info.name,
    dtype,
    voxelSizeUm,
    shapes,
    downsampling: mode,
    ...(info.window === undefined ? {} : { window: info.window }),
    ...(origin === undefined ? {} : { origin }),
    ...(info.metadata === undefined ? {} : { metadata: info.metadata }),
    record: { partOf: { scale: placement.scale, shift: placement.shift } },
  });
}
