import * as tf from "@tensorflow/tfjs";
import { type Parameters, type ParameterSpec, parameter } from "./parameters.ts";

/** Torch's and the paper's. */
const EPSILON = 1e-5;
/** The kernel that `activities/engine/fused-batch-norm.ts` registers, where TensorFlow computes. */
const FUSED = "FusedBatchNormTrain";

export interface NormMode {
  readonly training: boolean;
  /** Share of the newest batch in the running statistics. */
  readonly momentum: number;
}

export function batchNormSpecs(name: string, channels: number): ParameterSpec[] {
  const shape = [channels];
  return [
    { name: `${name}.scale`, shape, init: { constant: 1 }, trainable: true },
    { name: `${name}.offset`, shape, init: { constant: 0 }, trainable: true },
    { name: `${name}.mean`, shape, init: { constant: 0 }, trainable: false },
    { name: `${name}.variance`, shape, init: { constant: 1 }, trainable: false },
  ];
}

/**
 * Normalise over all but the last axis of `[n, h, w, c]`: by the batch's statistics while training,
 * which then move the running ones, else by the running ones. Variances that are kept are unbiased.
 *
 * @see Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167
 */
export function batchNorm(
  parameters: Parameters,
  name: string,
  x: tf.Tensor4D,
  { training, momentum }: NormMode,
): tf.Tensor4D {
  const scale = parameter(parameters, `${name}.scale`) as tf.Tensor1D;
  const offset = parameter(parameters, `${name}.offset`) as tf.Tensor1D;
  const mean = parameter(parameters, `${name}.mean`);
  const variance = parameter(parameters, `${name}.variance`);
  if (!training) {
    return tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, EPSILON);
  }
  const batch = normalise(x, scale, offset);
  tf.tidy(() => {
    for (const [running, now] of [
      [mean, batch.mean],
      [variance, batch.variance],
    ] as const) {
      running.assign(running.mul(1 - momentum).add(now.mul(momentum)));
    }
  });
  return batch.y;
}

interface Normalised {
  readonly y: tf.Tensor4D;
  readonly mean: tf.Tensor1D;
  /** Unbiased. */
  readonly variance: tf.Tensor1D;
}

function normalise(x: tf.Tensor4D, scale: tf.Tensor1D, offset: tf.Tensor1D): Normalised {
  if (tf.getKernel(FUSED, tf.getBackend()) !== undefined) {
    const [y, mean, variance] = tf.engine().runKernel(
      FUSED,
      { x, g: scale, b: offset },
      {
        epsilon: EPSILON,
      },
    ) as unknown as tf.Tensor[];
    return {
      y: y as tf.Tensor4D,
      mean: mean as tf.Tensor1D,
      variance: variance as tf.Tensor1D,
    };
  }
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const y = x.sub(mean).mul(variance.add(EPSILON).rsqrt()).mul(scale).add<tf.Tensor4D>(offset);
  const count = x.size / x.shape[3];
  return {
    y,
    mean: mean as tf.Tensor1D,
    variance: variance.mul<tf.Tensor1D>(count / Math.max(1, count - 1)),
  };
}
