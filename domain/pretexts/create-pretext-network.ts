import { createEncoder } from "../networks/create-encoder.ts";
import { createMocov3Network } from "./mocov3-network.ts";
import type { Mocov3Network } from "./mocov3-network.ts";
import { createRotationNetwork, createSortingNetwork } from "./pretext-network.ts";
import type { RotationNetwork, SortingNetwork } from "./pretext-network.ts";
import type { PretrainConfig } from "./pretrain-config.ts";
import { createSimclrNetwork } from "./simclr-network.ts";
import type { SimclrNetwork } from "./simclr-network.ts";

/** The network of a pretext, told apart by `pretext`: an encoder and what the pretext adds to it. */
export type PretextNetwork = RotationNetwork | SortingNetwork | SimclrNetwork | Mocov3Network;

/** The network that a configuration trains, with random weights of its seed. The caller disposes it. */
export function createPretextNetwork(config: PretrainConfig): PretextNetwork {
  const { pretext, encoder: kind, width, seed, steps, encoderMomentum: start = 0.99 } = config;
  if (pretext === "rotation") return createRotationNetwork(config, seed);
  if (pretext === "sorting") return createSortingNetwork(config, seed);
  const encoder = createEncoder({ kind, width });
  if (pretext === "simclr") return createSimclrNetwork(encoder, seed);
  return createMocov3Network(encoder, seed, { momentum: { start, steps } });
}
