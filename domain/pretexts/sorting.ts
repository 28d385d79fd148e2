import type * as tf from "@tensorflow/tfjs";
import { kendallTau } from "../metrics/kendall-tau.ts";
import type { Learner } from "../training/learner.ts";
import { displacement } from "./displacement.ts";
import { marginRankingLoss } from "./margin-ranking-loss.ts";
import type { MarginRankingOptions } from "./margin-ranking-loss.ts";
import type { SortingNetwork } from "./pretext-network.ts";

/**
 * The sorting pretext: put the slices of one volume in order. The direction is not arbitrary: scans
 * mounted the other way up contradict each other unless `flipInvariant`.
 *
 * Inputs: `images` `[k, size, size, 1]`, `positions` `[k]`; outputs: the scores, `[k]`.
 *
 * @see arXiv 2011.03353, section 2.1
 */
export function createSortingLearner(
  network: SortingNetwork,
  options: MarginRankingOptions = {},
): Learner {
  const { flipInvariant = false } = options;
  return {
    network,
    loss({ images, positions }, mode) {
      const scores = network.score(images as tf.Tensor4D, mode);
      return {
        loss: marginRankingLoss(scores, positions as tf.Tensor1D, options),
        outputs: scores,
      };
    },
    metrics({ positions }, scores) {
      const places = positions!.values;
      const straight = displacement(scores, places);
      const tau = kendallTau(scores, places);
      // Equal scores have no order: τ says nothing then.
      const kendall = Number.isNaN(tau) ? 0 : tau;
      if (!flipInvariant) return { displacement: straight, kendallTau: kendall };
      const turned = scores.map((z) => -z);
      return {
        displacement: Math.min(straight, displacement(turned, places)),
        kendallTau: Math.abs(kendall),
      };
    },
  };
}
