import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";
import { crossEntropy, topOne } from "./cross-entropy.ts";
import { unitRows } from "./unit-rows.ts";

export interface NtXentOptions {
  /** τ: cosines are divided by it. SimCLR 0.1, the authors 0.07, lightly 0.5. */
  readonly temperature: number;
}

/** The loss, and how often the other view was the most alike of the rest of the batch, 0 to 1. */
export interface Contrast {
  readonly loss: tf.Scalar;
  readonly accuracy: tf.Scalar;
}

/** What rules a view out as its own partner. */
const NEVER = -1e9;

/**
 * The normalised temperature-scaled cross-entropy: of all other 2n - 1 views of the batch, find the
 * other one of the same image. Mean over the 2n views; the published TensorFlow code adds the means
 * of both halves, which is twice this. With two views and τ = 0.07 it is SupCon's unsupervised form,
 * which the authors use.
 *
 * @see Chen et al. 2020, https://arxiv.org/abs/2002.05709, equation 1; Khosla et al. 2020,
 * https://arxiv.org/abs/2004.11362, equation 1
 *
 * @param a - projections of the first views, `[n, d]`, of any length
 * @param b - projections of the second views, in the same order
 * @returns scalars that the caller disposes; a batch of one image costs 0
 */
export function contrastViews(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { temperature }: NtXentOptions,
): Contrast {
  if (a.shape.join() !== b.shape.join()) {
    throw new InvalidInput(`Expected two views of one shape, got [${a.shape}] and [${b.shape}]`);
  }
  if (!(temperature > 0)) {
    throw new InvalidInput(`Expected a temperature above 0, got ${temperature}`);
  }
  const [n] = a.shape;
  return tf.tidy(() => {
    const z = unitRows(tf.concat2d([a, b], 0));
    const self = tf.eye(2 * n);
    const logits = tf.matMul(z, z, false, true).div(temperature).add<tf.Tensor2D>(self.mul(NEVER));
    const partner = tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 2 * n }, (_, i) => (i + n) % (2 * n)),
        "int32",
      ),
      2 * n,
    ) as tf.Tensor2D;
    return { loss: crossEntropy(logits, partner), accuracy: topOne(logits, partner) };
  });
}

/** The loss of `contrastViews` alone; the caller disposes it. */
export function ntXent(a: tf.Tensor2D, b: tf.Tensor2D, options: NtXentOptions): tf.Scalar {
  return tf.tidy(() => contrastViews(a, b, options).loss);
}
