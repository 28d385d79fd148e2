import * as tf from "@tensorflow/tfjs";
import type { Mode } from "./mode.ts";

/**
 * In training, zero each unit with probability `rate` and scale the others by 1 / (1 - rate); in
 * inference nothing. Which units is the mode's mask's choice, so that a step can be repeated
 * exactly.
 *
 * @see Srivastava et al. 2014
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, mode: Mode): T {
  if (!mode.training || rate === 0) return x;
  return tf.tidy(() => x.mul<T>(mode.mask(x.shape, rate)));
}
