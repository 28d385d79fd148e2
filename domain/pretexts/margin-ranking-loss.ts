import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";

export interface MarginRankingOptions {
  /** How far apart two scores should at least be. @default 0.2, the authors' */
  readonly margin?: number;
  /**
   * Take whichever direction of the whole batch fits better, for specimens that were not all
   * mounted the same way up. @default false
   */
  readonly flipInvariant?: boolean;
}

/**
 * The sorting loss: of two slices, the one further along the axis should score higher by the
 * margin. Over all pairs with ψᵢ > ψⱼ, mean of max(0, margin - (zᵢ - zⱼ)).
 *
 * @see arXiv 2011.03353, equation 1; arXiv 2203.09372
 *
 * @param scores - z, `[k]`
 * @param positions - ψ, k numbers; pairs of equal positions are skipped
 * @returns the caller disposes it; 0 when no two positions differ
 */
export function marginRankingLoss(
  scores: tf.Tensor1D,
  positions: readonly number[],
  { margin = 0.2, flipInvariant = false }: MarginRankingOptions = {},
): tf.Scalar {
  const k = positions.length;
  if (scores.shape[0] !== k) {
    throw new InvalidInput(`Expected a position for each of ${scores.shape[0]} scores, got ${k}`);
  }
  if (!(margin >= 0)) throw new InvalidInput(`Expected a margin of 0 or more, got ${margin}`);
  const after = positions.flatMap((a) => positions.map((b) => (a > b ? 1 : 0)));
  const pairs = after.reduce<number>((sum, one) => sum + one, 0);
  return tf.tidy(() => {
    const ahead = scores.expandDims<tf.Tensor2D>(1).sub(scores.expandDims(0)); // zᵢ - zⱼ, [k, k]
    const weights = tf.tensor2d(after, [k, k]).div(Math.max(1, pairs));
    const loss = (gap: tf.Tensor) => tf.relu(tf.sub(margin, gap)).mul(weights).sum<tf.Scalar>();
    return flipInvariant ? tf.minimum(loss(ahead), loss(ahead.neg())) : loss(ahead);
  });
}
