import type * as tf from "@tensorflow/tfjs";
import type { Learner } from "../training/learner.ts";
import { matchKeys } from "./match-keys.ts";
import type { Mocov3Network } from "./mocov3-network.ts";
import type { NtXentOptions } from "./nt-xent.ts";

/**
 * The MoCo v3 pretext: tell which key, given by a slowly following encoder for one view, belongs to
 * a query, given by the encoder for the other view. Both ways, added. Inputs are `a` and `b`,
 * `[n, size, size, 1]` each: two views of n slices, each view its own batch to batch norm, as in the
 * published code. `extra` is the momentum encoder, which `after` moves.
 *
 * Use τ = 0.2 for small batches: the negatives are the other keys of the batch.
 *
 * @see Chen, Xie and He 2021, https://arxiv.org/abs/2104.02057, algorithm 1
 */
export function createMocov3Learner(network: Mocov3Network, options: NtXentOptions): Learner {
  return {
    network,
    extra: network.momentum.extra,
    loss(inputs, mode) {
      const [a, b] = [inputs["a"] as tf.Tensor4D, inputs["b"] as tf.Tensor4D];
      const [queryA, queryB] = [network.query(a, mode), network.query(b, mode)];
      const [keyA, keyB] = [network.key(a, mode), network.key(b, mode)];
      const first = matchKeys(queryA, keyB, options);
      const second = matchKeys(queryB, keyA, options);
      return {
        loss: first.loss.add(second.loss),
        outputs: first.accuracy.add(second.accuracy).div(2),
      };
    },
    metrics: (_, [accuracy]) => ({ accuracy: accuracy! }),
    after: () => network.momentum.follow(),
  };
}
