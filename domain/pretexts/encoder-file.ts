import { CorruptData, IncompatibleCheckpoint } from "../errors.ts";
import { NORMALISATION } from "../localization/normalisation.ts";
import type { Network } from "../networks/network.ts";
import { fillNetwork, toWeights } from "../networks/weights.ts";
import { packTensors, unpackTensors } from "../training/tensor-file.ts";
import { createPretextNetwork } from "./create-pretext-network.ts";
import type { PretextNetwork } from "./create-pretext-network.ts";
import type { PretrainConfig } from "./pretrain-config.ts";

/** A pretrained encoder with its head, as it is published. The caller disposes the network. */
export interface PretrainedEncoder {
  readonly config: PretrainConfig;
  /** Steps it was trained for. */
  readonly step: number;
  readonly network: PretextNetwork;
}

interface Header {
  readonly format: "microtome-encoder";
  readonly version: number;
  /** What is done to grey values before the network sees them. */
  readonly normalisation: typeof NORMALISATION;
  readonly config: PretrainConfig;
  readonly step: number;
}

const VERSION = 2;

/** An encoder and its head as bytes. */
export function saveEncoder({
  config,
  step,
  network,
}: Pick<PretrainedEncoder, "config" | "step"> & {
  readonly network: Pick<Network, "parameters" | "statistics">;
}): Uint8Array {
  return packTensors<Header>({
    header: {
      ...{ format: "microtome-encoder", version: VERSION, normalisation: NORMALISATION },
      ...{ config, step },
    },
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
  const network = createPretextNetwork(config);
  fillNetwork(network, weights);
  return { config, step, network };
}
