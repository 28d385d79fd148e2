import { CorruptData, IncompatibleCheckpoint } from "../errors.ts";
import { loadWeights, toWeights } from "../networks/weights.ts";
import { packTensors, unpackTensors } from "../training/tensor-file.ts";
import { createRotationNetwork, createSortingNetwork } from "./pretext-network.ts";
import type { RotationNetwork, SortingNetwork } from "./pretext-network.ts";
import type { PretrainConfig } from "./pretrain-config.ts";

/** A pretrained encoder with its head, as it is published. The caller disposes the network. */
export interface PretrainedEncoder {
  readonly config: PretrainConfig;
  /** Steps it was trained for. */
  readonly step: number;
  readonly network: RotationNetwork | SortingNetwork;
}

interface Header {
  readonly format: "microtome-encoder";
  readonly version: number;
  readonly config: PretrainConfig;
  readonly step: number;
}

const VERSION = 1;

/** An encoder and its head as bytes. */
export function saveEncoder({ config, step, network }: PretrainedEncoder): Uint8Array {
  return packTensors<Header>({
    header: { format: "microtome-encoder", version: VERSION, config, step },
    groups: { network: toWeights(network) },
  });
}

/** Read it back. Throws `CorruptData` or `IncompatibleCheckpoint`, and allocates nothing then. */
export function openEncoder(bytes: Uint8Array): PretrainedEncoder {
  const { header, groups } = unpackTensors<Header>(bytes);
  const weights = groups["network"];
  if (header.format !== "microtome-encoder" || weights === undefined) {
    throw new CorruptData(`Expected an encoder, got ${JSON.stringify(header.format)}`);
  }
  if (header.version !== VERSION) {
    throw new IncompatibleCheckpoint(
      `Expected an encoder of version ${VERSION}, got ${header.version}`,
    );
  }
  const { config, step } = header;
  const create = config.pretext === "rotation" ? createRotationNetwork : createSortingNetwork;
  const network = create(config, config.seed);
  try {
    loadWeights(network, weights);
  } catch (error) {
    network.dispose();
    throw error;
  }
  return { config, step, network };
}
