import * as tf from "@tensorflow/tfjs";
import { type Parameters, type ParameterSpec, parameter } from "./parameters.ts";

/** Torch's and the paper's. */
const EPSILON = 1e-5;
/** The kernel that `activities/engine/kernels/fused-batch-norm.ts` registers, where TensorFlow computes. */
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
  const next = normalise({ x, scale, offset, mean, variance }, momentum);
  tf.tidy(() => {
    mean.assign(next.mean);
    variance.assign(next.variance);
  });
  return next.y;
}

interface Normalised {
  readonly y: tf.Tensor4D;
  /** The next running statistics. */
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

interface Operands {
  readonly x: tf.Tensor4D;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

function normalise({ x, scale, offset, ...running }: Operands, momentum: number): Normalised {
  if (tf.getKernel(FUSED, tf.getBackend()) !== undefined) {
    const [y, mean, variance] = tf
      .engine()
      .runKernel<tf.Tensor[]>(
        FUSED,
        { x, g: scale, b: offset, ...running },
        { epsilon: EPSILON, momentum },
      );
    return { y: y as tf.Tensor4D, mean: mean!, variance: variance! };
  }
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const y = x.sub(mean).mul(variance.add(EPSILON).rsqrt()).mul(scale).add<tf.Tensor4D>(offset);
  const count = x.size / x.shape[3];
  const move = (from: tf.Tensor, to: tf.Tensor) => from.mul(1 - momentum).add(to.mul(momentum));
  return {
    y,
    mean: move(running.mean, mean),
    variance: move(running.variance, variance.mul(count / Math.max(1, count - 1))),
  };
}
