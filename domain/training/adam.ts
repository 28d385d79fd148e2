import * as tf from "@tensorflow/tfjs";
import { disposeParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";
import type { Optimizer } from "./optimizer.ts";
import { createSlots } from "./slots.ts";

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** @default 0 */
  readonly weightDecay?: number;
  /** Decay weights beside the gradient (AdamW) instead of through it. @default false */
  readonly decoupled?: boolean;
}

/** The kernel of the whole move, where an engine has one (`activities/engine/kernels/`). */
const FUSED = "FusedAdam";

/**
 * Adam and AdamW, as torch computes them: epsilon is added to the square root of the corrected
 * second moment.
 *
 * The bias corrections are computed from the step, not accumulated, so that a run that was
 * stopped and resumed is the same run to the last bit.
 *
 * @see Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, algorithm 1
 * @see Loshchilov and Hutter 2017, https://arxiv.org/abs/1711.05101, algorithm 2
 */
export function createAdam(parameters: Parameters, options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = 0, decoupled = false } = options;
  const slots = createSlots(parameters, ["m", "v"]);
  return {
    slots,
    numbers: (step, rate) => ({ rate, beta1Power: beta1 ** step, beta2Power: beta2 ** step }),
    apply(gradients, { rate, beta1Power, beta2Power }) {
      if (!rate || !beta1Power || !beta2Power) throw new RangeError("Adam misses its numbers");
      const fused = tf.getKernel(FUSED, tf.getBackend()) !== undefined;
      for (const [name, raw] of gradients) {
        const parameter = parameters.get(name)!;
        const [m, v] = [slots.get(`m/${name}`)!, slots.get(`v/${name}`)!];
        const decay = parameter.rank > 1 ? weightDecay : 0;
        tf.tidy(() => {
          const gradient = decay > 0 && !decoupled ? raw.add(parameter.mul(decay)) : raw;
          if (decay > 0 && decoupled)
            parameter.assign(parameter.sub(parameter.mul(rate.mul(decay))));
          const moved = fused
            ? tf
                .engine()
                .runKernel<tf.Tensor[]>(
                  FUSED,
                  { parameter, m, v, gradient, rate, beta1Power, beta2Power },
                  { beta1, beta2, epsilon },
                )
            : move(parameter, m, v, gradient);
          parameter.assign(moved[0]!);
          m.assign(moved[1]!);
          v.assign(moved[2]!);
        });
      }

      function move(parameter: tf.Tensor, m: tf.Tensor, v: tf.Tensor, gradient: tf.Tensor) {
        const mean = m.mul(beta1).add(gradient.mul(1 - beta1));
        const square = v.mul(beta2).add(gradient.square().mul(1 - beta2));
        const size = square.div(tf.sub(1, beta2Power!)).sqrt().add(epsilon);
        const step = mean.div(tf.sub(1, beta1Power!)).div(size).mul(rate!);
        return [parameter.sub(step), mean, square];
      }
    },
    dispose: () => disposeParameters(slots),
  };
}
