import * as tf from "@tensorflow/tfjs";

/**
 * How much of the encoder moves into its momentum encoder in a step: 1 - m = ½ (1 + cos(π·done))
 * (1 - m₀), so that m rises from m₀ at the beginning to 1 at the end.
 *
 * @see Chen, Xie and He 2021, https://arxiv.org/abs/2104.02057, section 4.1; their `main_moco.py`
 *
 * @param done - share of the training that is done, 0 to 1
 * @param start - m₀: 0.99 for 100 epochs, 0.996 for 1000
 * @returns 1 - m, which keeps its digits where m is nearly 1; the caller disposes it
 */
export function momentumGap(done: tf.Scalar, start: number): tf.Scalar {
  return tf.tidy(() =>
    done
      .mul(Math.PI)
      .cos()
      .add(1)
      .mul<tf.Scalar>((1 - start) / 2),
  );
}
