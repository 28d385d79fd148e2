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
  /**
   * Bring scores to mean 0 and variance 1 first. A margin of 0.2 can then be kept between up to 17
   * equally spaced scores; more have a floor above 0. @default false
   */
  readonly normalise?: boolean;
  /** Normalise this many consecutive parts of the batch apart; pairs are of the whole. @default 1 */
  readonly partitions?: number;
}

/** Batch norm's. */
const EPSILON = 1e-5;

/**
 * The sorting loss: of two slices, the one further along the axis should score higher by the
 * margin. Over all pairs with ψᵢ > ψⱼ, mean of max(0, margin - (zᵢ - zⱼ)).
 *
 * @see arXiv 2011.03353, equation 1; arXiv 2203.09372
 *
 * @param scores - z, `[k]`
 * @param positions - ψ, `[k]`, of any number type; pairs of equal positions are skipped
 * @returns the caller disposes it; 0 when no two positions differ
 */
export function marginRankingLoss(
  scores: tf.Tensor1D,
  positions: tf.Tensor1D,
  options: MarginRankingOptions = {},
): tf.Scalar {
  const { margin = 0.2, flipInvariant = false, normalise = false, partitions = 1 } = options;
  const [k] = scores.shape;
  if (positions.shape[0] !== k) {
    throw new InvalidInput(
      `Expected a position for each of ${k} scores, got ${positions.shape[0]}`,
    );
  }
  if (!(margin >= 0)) throw new InvalidInput(`Expected a margin of 0 or more, got ${margin}`);
  return tf.tidy(() => {
    const z = normalise ? standardise(scores, partitions) : scores;
    const ahead = differences(z); // zᵢ - zⱼ, [k, k]
    const counts = tf
      .greater(positions.expandDims<tf.Tensor2D>(1), positions.expandDims<tf.Tensor2D>(0))
      .cast<tf.Tensor2D>("float32");
    const pairs = tf.maximum(counts.sum<tf.Scalar>(), 1);
    const loss = (gap: tf.Tensor2D) =>
      tf.relu(tf.sub(margin, gap)).mul(counts).sum<tf.Scalar>().div<tf.Scalar>(pairs);
    return flipInvariant ? tf.minimum(loss(ahead), loss(ahead.neg())) : loss(ahead);
  });
}

function differences(z: tf.Tensor1D): tf.Tensor2D {
  return z.expandDims<tf.Tensor2D>(1).sub(z.expandDims<tf.Tensor2D>(0));
}

/** Parts as torch.chunk makes them: the last one may be shorter. */
function standardise(scores: tf.Tensor1D, partitions: number): tf.Tensor1D {
  const [k] = scores.shape;
  const size = Math.ceil(k / partitions);
  const sizes = Array.from({ length: Math.ceil(k / size) }, (_, i) => Math.min(size, k - i * size));
  if (!Number.isInteger(partitions) || partitions < 1 || Math.min(...sizes) < 2) {
    throw new InvalidInput(
      `Expected partitions of at least 2 of ${k} scores each, got ${partitions} of them`,
    );
  }
  // The engine has no gradient for a split into one.
  const parts = sizes.length === 1 ? [scores] : tf.split(scores, sizes);
  return tf.concat1d(
    parts.map((part) => {
      const { mean, variance } = tf.moments(part);
      return part.sub(mean).mul<tf.Tensor1D>(variance.add(EPSILON).rsqrt());
    }),
  );
}
