import { CorruptData, NotFound } from "../domain/errors.ts";
import type { EncoderConfig } from "../domain/networks/encoder.ts";
import { fillNetwork, toWeights } from "../domain/networks/weights.ts";
import {
  createSegmentationNetwork,
  type SegmentationNetwork,
} from "../domain/segmentation/segmentation-network.ts";
import { packTensors, unpackTensors } from "../domain/training/tensor-file.ts";
import { keys } from "../schemas/names.ts";
import type { ObjectStore } from "./deps.ts";

/** What a stored segmentation model is: enough to build its network and read its answers. */
export interface SegmentationHeader {
  readonly format: "microtome-segmentation";
  readonly version: 1;
  readonly encoder: EncoderConfig;
  /** The label of each output channel; the first is background. */
  readonly labels: readonly number[];
  /** How an image is brought to the network's units: see `normaliseCrop`. */
  readonly normalisation: "median-and-spread";
}

export function saveSegmentation(
  header: SegmentationHeader,
  { network }: SegmentationNetwork,
): Uint8Array {
  return packTensors({ header, groups: { network: toWeights(network) } });
}

/** Load a model by its key. The caller disposes the network. */
export async function openSegmentation(
  store: ObjectStore,
  key: string,
): Promise<{ readonly header: SegmentationHeader; readonly model: SegmentationNetwork }> {
  const path = `${keys.model(key)}/model.bin`;
  const bytes = await store.get(path);
  if (bytes === undefined) throw new NotFound(`${store.url(path)} does not exist`);
  const { header, groups } = unpackTensors<SegmentationHeader>(bytes);
  const weights = groups["network"];
  if (header.format !== "microtome-segmentation" || weights === undefined) {
    throw new CorruptData(`${store.url(path)} is not a segmentation model`);
  }
  const model = createSegmentationNetwork(header.encoder, header.labels.length, 0);
  fillNetwork(model.network, weights);
  return { header, model };
}
