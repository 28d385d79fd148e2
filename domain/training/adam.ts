import * as tf from "@tensorflow/tfjs";
import { disposeParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";

export interface AdamUpdate {
  /** 1 for the first. Together with the moments it is the optimizer's whole state. */
  readonly step: number;
  readonly rate: number;
  /** Gradients together longer than this are scaled down to it. */
  readonly clipNorm: number;
}

/** The optimizer, with its state in the open so that it can be stored and restored exactly. */
export interface Adam {
  /** `m/<name>` and `v/<name>` of every parameter. */
  readonly moments: Parameters;
  /**
   * Move the parameters, and dispose their gradients.
   *
   * @returns the length of all gradients together, before clipping; the caller disposes it
   */
  update(gradients: ReadonlyMap<string, tf.Tensor>, options: AdamUpdate): tf.Scalar;
  dispose(): void;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam with clipping by the global norm.
 *
 * The bias corrections are computed from the step, not accumulated, so that a run that was
 * stopped and resumed is the same run to the last bit.
 *
 * @see Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, algorithm 1
 */
export function createAdam(parameters: Parameters): Adam {
  const moments: Parameters = new Map(
    ["m", "v"].flatMap((kind) =>
      [...parameters].map(
        ([name, { shape }]) =>
          [`${kind}/${name}`, tf.tidy(() => tf.variable(tf.zeros(shape), false))] as const,
      ),
    ),
  );
  return {
    moments,
    update: (gradients, { step, rate, clipNorm }) =>
      tf.tidy(() => {
        const squares = [...gradients.values()].map((g) => g.square().sum());
        const norm = tf.sqrt(tf.addN(squares) as tf.Scalar);
        const clip = tf.minimum(1, tf.div(clipNorm, norm.add(1e-12)));
        const [keep1, add1] = [tf.scalar(BETA1), tf.scalar(1 - BETA1)];
        const [keep2, add2] = [tf.scalar(BETA2), tf.scalar(1 - BETA2)];
        const epsilon = tf.scalar(EPSILON);
        const pace = tf.scalar(rate / (1 - BETA1 ** step));
        const spread = tf.scalar(1 / Math.sqrt(1 - BETA2 ** step));
        for (const [name, gradient] of gradients) {
          tf.tidy(() => {
            const [m, v] = [moments.get(`m/${name}`)!, moments.get(`v/${name}`)!];
            const g = gradient.mul(clip);
            m.assign(m.mul(keep1).add(g.mul(add1)));
            v.assign(v.mul(keep2).add(g.square().mul(add2)));
            const size = v.sqrt().mul(spread).add(epsilon);
            const parameter = parameters.get(name)!;
            parameter.assign(parameter.sub(m.div(size).mul(pace)));
          });
          gradient.dispose();
        }
        return norm;
      }),
    dispose: () => disposeParameters(moments),
  };
}
