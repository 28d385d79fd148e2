import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random.ts";
import type { Learner } from "../training/learner.ts";
import { accuracy, predictedClasses } from "./angles.ts";
import type { RotationNetwork } from "./pretext-network.ts";
import { rotatePairs } from "./rotated-pairs.ts";
import type { Pair } from "./rotated-pairs.ts";
import { rotationLoss } from "./rotation-loss.ts";
import type { Stencil } from "./stencil.ts";

export interface RotationOptions {
  /** Draws one pair. */
  readonly sample: (random: Random) => Pair;
  readonly stencil: Stencil;
  readonly batchSize: number;
}

/**
 * The rotation pretext: tell by how much one of two nearly equal images is turned further. Possible
 * where there is structure, impossible where there is only medium; that is what localizes.
 *
 * @see arXiv 2011.03353, section 2.2
 */
export function createRotationLearner(
  network: RotationNetwork,
  { sample, stencil, batchSize }: RotationOptions,
): Learner {
  return {
    network,
    draw(random) {
      const pairs = Array.from({ length: batchSize }, () => sample(random));
      const { images, classes } = rotatePairs(pairs, stencil, random);
      const mode = { training: true, random } as const;
      return {
        forward() {
          // Both branches in one pass, so that batch norm treats them alike.
          const { size } = stencil;
          const x = tf.tensor4d(images, [2 * batchSize, size, size, 1]);
          const [a, b] = tf.split(network.embed(x, mode), 2) as [tf.Tensor2D, tf.Tensor2D];
          const logits = network.compare(a, b, mode);
          return { loss: rotationLoss(logits, classes), outputs: logits };
        },
        metrics: (logits) => ({ accuracy: accuracy(predictedClasses(logits), classes) }),
      };
    },
  };
}
