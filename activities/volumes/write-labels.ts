import { fullBox } from "../../domain/volumes/box.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { toJson } from "../stage/manifests.ts";
import { describeVolume } from "./describe-volume.ts";
import { createPyramidWriter } from "./pyramid-writer.ts";
import { checkBox } from "./read-box.ts";
import { streamPlanes } from "./stream-planes.ts";
import { volumeInfo } from "./volume-info.ts";
import { writePlanes } from "./write-planes.ts";

/** A label volume in the store that belongs to an image. */
export interface LabelImage {
  /** What it is called among the image's labels. */
  readonly name: string;
  readonly prefix: string;
  /** The part of it that lies on the image; all of it when undefined. */
  readonly box?: Box | undefined;
}

/**
 * Write the labels of the image at `root` of `target` into its `labels/` group, downsampled by mode,
 * each as large as the image.
 *
 * @see https://ngff.openmicroscopy.org/0.5/#labels-md
 */
export async function writeLabels(
  store: ObjectStore,
  target: ObjectStore,
  root: string,
  labels: readonly LabelImage[],
  options: { readonly voxelSizeUm: Zyx; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  if (labels.length === 0) return;
  const { voxelSizeUm, signal } = options;
  for (const { name, prefix, box } of labels) {
    const info = await volumeInfo(store, prefix);
    const [z, y, x] = box ?? fullBox(info.shape);
    checkBox([z, y, x], info.shape, `${prefix}/0`);
    const shape: Zyx = [z[1] - z[0], y[1] - y[0], x[1] - x[0]];
    const place = `${root}/labels/${name}`;
    const { dtype } = info;
    const writer = createPyramidWriter(target, place, { shape, dtype, mode: "mode", signal });
    const planes = streamPlanes(store, prefix, 0, [z, y, x], { signal });
    const { shapes } = await writePlanes(writer, planes);
    await describeVolume(target, place, {
      name,
      dtype,
      voxelSizeUm,
      shapes,
      downsampling: "mode",
      labels: { source: "../../" },
    });
  }
  const group = {
    zarr_format: 3,
    node_type: "group",
    attributes: { ome: { version: "0.5", labels: labels.map(({ name }) => name) } },
  };
  await target.put(`${root}/labels/zarr.json`, toJson(group));
}
