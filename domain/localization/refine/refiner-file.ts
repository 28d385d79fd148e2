import { CorruptData, IncompatibleCheckpoint } from "../../errors.ts";
import { fillNetwork, toWeights } from "../../networks/weights.ts";
import { packTensors, unpackTensors } from "../../training/tensor-file.ts";
import { NORMALISATION } from "../normalisation.ts";
import {
  createRefinerNetwork,
  type RefinerConfig,
  type RefinerNetwork,
} from "./refiner-network.ts";

interface Header {
  readonly format: "microtome-refiner";
  readonly version: number;
  /** What is done to grey values before the network sees them. */
  readonly normalisation: typeof NORMALISATION;
  readonly config: RefinerConfig;
}

const VERSION = 1;

/** A refinement network as bytes. */
export function saveRefiner({ config, network }: RefinerNetwork): Uint8Array {
  return packTensors<Header>({
    header: { format: "microtome-refiner", version: VERSION, normalisation: NORMALISATION, config },
    groups: { network: toWeights(network) },
  });
}

/**
 * Read it back; the caller disposes its network. Throws `CorruptData` or `IncompatibleCheckpoint`,
 * and allocates nothing then.
 */
export function openRefiner(bytes: Uint8Array): RefinerNetwork {
  const { header, groups } = unpackTensors<Header>(bytes);
  const weights = groups["network"];
  if (header.format !== "microtome-refiner" || weights === undefined) {
    throw new CorruptData(`Expected a refiner, got ${JSON.stringify(header.format)}`);
  }
  if (header.version !== VERSION) {
    throw new IncompatibleCheckpoint(
      `Expected a refiner of version ${VERSION}, got ${header.version}`,
    );
  }
  const refiner = createRefinerNetwork(header.config);
  fillNetwork(refiner.network, weights);
  return refiner;
}
