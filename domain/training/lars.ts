import * as tf from "@tensorflow/tfjs";
import { disposeParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";
import type { Optimizer } from "./optimizer.ts";
import { createSlots } from "./slots.ts";

export interface LarsOptions {
  /** @default 0.9 */
  readonly momentum?: number;
  /** @default 0 */
  readonly weightDecay?: number;
  /** η: how much of a layer's length a step may be. @default 0.001 */
  readonly trust?: number;
}

/**
 * SGD with momentum whose step is scaled per array to its length: q = η‖p‖ / ‖g + λp‖, 1 where
 * either is zero. Arrays of one axis (biases, batch norm) are neither scaled nor decayed.
 *
 * @see You et al. 2017, https://arxiv.org/abs/1708.03888; as in MoCo v3's optimizer
 */
export function createLars(parameters: Parameters, options: LarsOptions = {}): Optimizer {
  const { momentum = 0.9, weightDecay = 0, trust = 0.001 } = options;
  const slots = createSlots(parameters, ["velocity"]);
  return {
    slots,
    numbers: (_step, rate) => ({ rate }),
    apply(gradients, { rate }) {
      for (const [name, raw] of gradients) {
        const parameter = parameters.get(name)!;
        const velocity = slots.get(`velocity/${name}`)!;
        tf.tidy(() => {
          const update = parameter.rank > 1 ? adapted(parameter, raw) : raw;
          const next = velocity.mul(momentum).add(update);
          velocity.assign(next);
          parameter.assign(parameter.sub(next.mul(rate!)));
        });
      }
    },
    dispose: () => disposeParameters(slots),
  };

  function adapted(parameter: tf.Tensor, raw: tf.Tensor): tf.Tensor {
    const gradient = raw.add(parameter.mul(weightDecay));
    const [long, steep] = [parameter.norm(), gradient.norm()];
    const both = long.greater(0).logicalAnd(steep.greater(0));
    // The divisor is kept from zero, for a branch that is not taken is computed all the same.
    const scale = long.mul(trust).div(steep.maximum(1e-30));
    return gradient.mul(tf.where(both, scale, tf.onesLike(scale)));
  }
}
