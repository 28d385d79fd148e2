import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random.ts";
import type { Learner } from "../training/learner.ts";
import { displacement } from "./displacement.ts";
import { marginRankingLoss } from "./margin-ranking-loss.ts";
import type { SortingNetwork } from "./pretext-network.ts";
import type { SliceBatch } from "./sorting-sampler.ts";

export interface SortingOptions {
  readonly sample: (random: Random) => SliceBatch;
  readonly imageSize: number;
  readonly flipInvariant: boolean;
}

/**
 * The sorting pretext: put the slices of one volume in order. The direction is not arbitrary: scans
 * mounted the other way up contradict each other unless `flipInvariant`.
 *
 * @see arXiv 2011.03353, section 2.1
 */
export function createSortingLearner(
  network: SortingNetwork,
  { sample, imageSize, flipInvariant }: SortingOptions,
): Learner {
  return {
    network,
    draw(random) {
      const { images, positions } = sample(random);
      return {
        forward() {
          const x = tf.tensor4d(images, [positions.length, imageSize, imageSize, 1]);
          const scores = network.score(x, { training: true, random });
          return { loss: marginRankingLoss(scores, positions, { flipInvariant }), outputs: scores };
        },
        metrics(scores) {
          const straight = displacement(scores, positions);
          if (!flipInvariant) return { displacement: straight };
          return {
            displacement: Math.min(
              straight,
              displacement(
                scores.map((z) => -z),
                positions,
              ),
            ),
          };
        },
      };
    },
  };
}
