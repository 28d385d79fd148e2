import type { Learner } from "../training/learner.ts";
import type { PretextNetwork } from "./create-pretext-network.ts";
import { createMocov3Learner } from "./mocov3.ts";
import type { PretrainConfig } from "./pretrain-config.ts";
import { createRotationLearner } from "./rotation.ts";
import { createSimclrLearner } from "./simclr.ts";
import { createSortingLearner } from "./sorting.ts";

/** The authors' for SimCLR; MoCo v3's for ViT, which small batches need, too. */
const TEMPERATURE = { simclr: 0.07, mocov3: 0.2 } as const;

/** How a pretext's network learns. */
export function createLearner(network: PretextNetwork, config: PretrainConfig): Learner {
  switch (network.pretext) {
    case "rotation":
      return createRotationLearner(network);
    case "sorting": {
      const { flipInvariant = false, margin = 0.2, normaliseScores: normalise = false } = config;
      return createSortingLearner(network, { flipInvariant, margin, normalise });
    }
    case "simclr":
      return createSimclrLearner(network, {
        temperature: config.temperature ?? TEMPERATURE.simclr,
      });
    case "mocov3":
      return createMocov3Learner(network, {
        temperature: config.temperature ?? TEMPERATURE.mocov3,
      });
  }
}
