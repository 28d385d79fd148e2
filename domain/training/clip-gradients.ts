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
  const squares = [...gradients.values()].map((g) => g.square().sum());
  const norm = tf.sqrt(tf.addN(squares)).asScalar();
  if (most === Infinity) return { gradients, norm };
  const scale = tf.minimum(1, tf.div(most, norm.add(1e-12)));
  return { gradients: new Map([...gradients].map(([name, g]) => [name, g.mul(scale)])), norm };
}
