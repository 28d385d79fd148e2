import * as tf from "@tensorflow/tfjs";
import { disposeParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";
import type { Optimizer } from "./optimizer.ts";
import { createSlots } from "./slots.ts";

export interface SgdOptions {
  /** @default 0.9 */
  readonly momentum?: number;
  /** @default false */
  readonly nesterov?: boolean;
  /** @default 0 */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, as torch computes it: the velocity sums gradients, and
 * the rate scales the velocity.
 */
export function createSgd(parameters: Parameters, options: SgdOptions = {}): Optimizer {
  const { momentum = 0.9, nesterov = false, weightDecay = 0 } = options;
  const slots = createSlots(parameters, ["velocity"]);
  return {
    slots,
    numbers: (_step, rate) => ({ rate }),
    apply(gradients, { rate }) {
      for (const [name, raw] of gradients) {
        const parameter = parameters.get(name)!;
        const velocity = slots.get(`velocity/${name}`)!;
        tf.tidy(() => {
          const decay = parameter.rank > 1 ? weightDecay : 0;
          const gradient = decay > 0 ? raw.add(parameter.mul(decay)) : raw;
          const next = velocity.mul(momentum).add(gradient);
          const move = nesterov ? gradient.add(next.mul(momentum)) : next;
          velocity.assign(next);
          parameter.assign(parameter.sub(move.mul(rate!)));
        });
      }
    },
    dispose: () => disposeParameters(slots),
  };
}
