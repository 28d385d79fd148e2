import type { ObjectStore } from "../../activities/deps.ts";
import { describeVolume } from "../../activities/volumes/describe-volume.ts";
import { createVolumeWriter } from "../../activities/volumes/volume-writer.ts";
import { writePyramid } from "../../activities/volumes/write-pyramid.ts";
import type { ArrayLayout } from "../../domain/volumes/array-metadata.ts";
import { createRandom } from "../../domain/random.ts";
import { createVoxels } from "../../domain/volumes/dtype.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Dtype, Grid, Zyx } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";

/** Whole numbers that use the type's range, with an empty corner. */
export function randomVoxels(shape: Zyx, dtype: Dtype, seed = 1): Grid {
  const [z, y, x] = shape;
  const random = createRandom(seed);
  const data = createVoxels(dtype, z * y * x);
  const spread = dtype.endsWith("8") ? 100 : 30_000;
  for (let i = 0; i < data.length; i++) data[i] = ((i >> 4) % 27) + random.int(spread);
  if (dtype.startsWith("int") || dtype === "float32")
    for (let i = 0; i < data.length; i += 3) data[i]! *= -1;
  for (let k = 0; k < Math.floor(z / 2); k++)
    data.fill(0, k * y * x, k * y * x + Math.floor(y / 2) * x);
  return { shape, data };
}

/** Write level 0 of a volume from memory. */
export async function writeLevel0(
  store: ObjectStore,
  prefix: string,
  { shape, data }: Grid,
  dtype: Dtype,
  layout?: ArrayLayout,
): Promise<readonly Output[]> {
  const writer = createVolumeWriter(store, `${prefix}/0`, { shape, dtype, layout });
  const area = shape[1] * shape[2];
  for (let z = 0; z < shape[0]; z++) {
    await writer.writePlane(data.slice(z * area, (z + 1) * area));
  }
  return (await writer.close()).outputs;
}

/** A whole volume, pyramid and document included. */
export async function writeVolume(
  store: ObjectStore,
  prefix: string,
  grid: Grid,
  dtype: Dtype,
  more: { readonly voxelSizeUm?: Zyx; readonly origin?: JsonObject } = {},
): Promise<void> {
  await writeLevel0(store, prefix, grid, dtype);
  const { shapes } = await writePyramid(store, prefix, "mean");
  await describeVolume(store, prefix, {
    name: "P06",
    dtype,
    voxelSizeUm: more.voxelSizeUm ?? [3, 2, 1.5],
    shapes,
    downsampling: "mean",
    ...(more.origin && { origin: more.origin }),
  });
}
