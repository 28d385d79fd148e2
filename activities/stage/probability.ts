import { CorruptData } from "../../domain/errors.ts";
import type { Grid } from "../../domain/volumes/shape.ts";
import type { Output } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { readLevel } from "../volumes/read-box.ts";
import { createVolumeWriter } from "../volumes/volume-writer.ts";
import { planesOf, writePlanes } from "../volumes/write-planes.ts";

const prefixOf = (key: string) => `${keys.stage("refine", key)}/probability.zarr`;

/** Store a probability of specimen per voxel of a view, under the key of the stage that made it. */
export async function writeProbability(
  store: ObjectStore,
  key: string,
  probability: Grid<Float32Array>,
): Promise<readonly Output[]> {
  const writer = createVolumeWriter(store, `${prefixOf(key)}/0`, {
    shape: probability.shape,
    dtype: "float32",
  });
  return (await writePlanes(writer, planesOf(probability))).outputs;
}

export async function readProbability(
  store: ObjectStore,
  key: string,
): Promise<Grid<Float32Array>> {
  const { shape, data } = await readLevel(store, prefixOf(key), 0);
  if (!(data instanceof Float32Array)) {
    throw new CorruptData(`${prefixOf(key)} does not hold probabilities`);
  }
  return { shape, data };
}
