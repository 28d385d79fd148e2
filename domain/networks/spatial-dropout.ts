import * as tf from "@tensorflow/tfjs";
import type { TrainingMode } from "./mode.ts";

/** Which stages of an encoder lose channels by chance, and what decides which. */
export interface SpatialDropout {
  /**
   * Share of channels that each stage loses, first stage first; 0, or none for it: all stay. The
   * authors' localization model: `[0.5, 0.5, 0.5, 0]`.
   */
  readonly rates: readonly number[];
  /** As in training. A new mask every time it is called, of `[n, 1, 1, c]`. */
  readonly mask: TrainingMode["mask"];
}

/**
 * Zero whole channels of each image, `[n, h, w, c]`, after stage `stage` (0 for the first), and
 * scale the others up: neighbours in a map are alike, so that dropping single units would change
 * little. In training it regularises; in inference it makes several passes differ, whose variance is
 * the uncertainty (Monte-Carlo dropout).
 *
 * @see Tompson et al. 2015, https://arxiv.org/abs/1411.4280; Gal and Ghahramani 2016,
 * https://arxiv.org/abs/1506.02142
 */
export function dropChannels(
  x: tf.Tensor4D,
  stage: number,
  dropout: SpatialDropout | undefined,
): tf.Tensor4D {
  const rate = dropout?.rates[stage] ?? 0;
  if (dropout === undefined || rate === 0) return x;
  const [n, , , channels] = x.shape;
  return tf.tidy(() => x.mul<tf.Tensor4D>(dropout.mask([n, 1, 1, channels], rate)));
}
