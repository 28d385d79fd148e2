import * as tf from "@tensorflow/tfjs";

/** Gradients, and how long they were together. */
export interface Clipped {
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
  /** Length of all together before clipping. */
  readonly norm: tf.Scalar;
}

/**
 * Scale gradients down to `most` where they are longer together; `Infinity` leaves them alone. Runs
 * inside a tidy.
 */
export function clipGradients(gradients: ReadonlyMap<string, tf.Tensor>, most: number): Clipped {
  const norm = tf
    .addN([...gradients.values()].map(halfSquare))
    .mul(2)
    .sqrt()
    .asScalar();
  if (most === Infinity) return { gradients, norm };
  const scale = tf.minimum(1, tf.div(most, norm.add(1e-12)));
  return { gradients: new Map([...gradients].map(([name, g]) => [name, g.mul(scale)])), norm };
}

/** ½ Σ g², in one pass over the gradient where an engine can (`activities/engine/kernels/`). */
function halfSquare(gradient: tf.Tensor): tf.Tensor {
  if (tf.getKernel("HalfSquare", tf.getBackend()) === undefined) {
    return gradient.square().sum().div(2);
  }
  return tf.engine().runKernel<tf.Tensor>("HalfSquare", { x: gradient });
}
