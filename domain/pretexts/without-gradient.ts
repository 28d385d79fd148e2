import * as tf from "@tensorflow/tfjs";

/**
 * Compute something that gradients do not pass, under automatic differentiation: nothing in it is
 * recorded, and its intermediate tensors are freed at once.
 *
 * @returns what `compute` returned; the caller disposes it
 */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  // A custom gradient of no inputs: the engine records nothing inside a kernel.
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}
