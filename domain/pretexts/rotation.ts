import * as tf from "@tensorflow/tfjs";
import type { Learner } from "../training/learner.ts";
import { accuracy, angularError, predictedClasses } from "./angles.ts";
import type { RotationNetwork } from "./pretext-network.ts";
import { rotationLoss } from "./rotation-loss.ts";

/**
 * The rotation pretext: tell by how much one of two nearly equal images is turned further. Possible
 * where there is structure, impossible where there is only medium; that is what localizes.
 *
 * Inputs: `images` `[2n, size, size, 1]`, the first images of all pairs and then their twins, and
 * `classes` `[n]`, indices into `ANGLES`; outputs: the logits, `[n, 7]`.
 *
 * @see arXiv 2011.03353, section 2.2
 */
export function createRotationLearner(network: RotationNetwork): Learner {
  return {
    network,
    loss({ images, classes }, mode) {
      // Both branches in one pass, so that batch norm treats them alike.
      const [a, b] = tf.split(network.embed(images as tf.Tensor4D, mode), 2) as [
        tf.Tensor2D,
        tf.Tensor2D,
      ];
      const logits = network.compare(a, b, mode);
      return { loss: rotationLoss(logits, classes as tf.Tensor1D), outputs: logits };
    },
    metrics({ classes }, logits) {
      const predicted = predictedClasses(logits);
      const truth = [...classes!.values];
      return {
        accuracy: accuracy(predicted, truth),
        angularError: angularError(predicted, truth),
      };
    },
  };
}
