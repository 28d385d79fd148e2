import * as tf from "@tensorflow/tfjs";
import type { Network } from "../networks/network.ts";
import { disposeParameters, type Parameters } from "../networks/parameters.ts";
import { momentumGap } from "./momentum-schedule.ts";

export interface MomentumOptions {
  /** m₀: how much of the momentum encoder stays, at first. @default 0.99 */
  readonly start?: number;
  /** Steps until it stands still. */
  readonly steps: number;
}

/** A second network that follows some parts of a first one slowly, and has no gradients. */
export interface MomentumEncoder<Part extends string> {
  /** Its arrays, running statistics included, by the names of the parts' specifications. */
  readonly parts: Readonly<Record<Part, Parameters>>;
  /** The same and the number of moves, for checkpoints, under `momentum/…`. */
  readonly extra: Parameters;
  /** Move towards the network, once per step, after the optimizer has moved that. */
  follow(): void;
  /** Be what the network is now: after weights were loaded into it before the first step. */
  copy(): void;
  dispose(): void;
}

/**
 * Starts as a copy. The published code moves it inside a step, after the queries and before the
 * keys, by the network as it is before the optimizer's move. That is the network after the previous
 * step, and in the first step both are equal, so that moving it at the end of each step with the
 * next step's momentum is the same sequence.
 *
 * Only weights follow; running statistics are those of its own batches.
 */
export function createMomentumEncoder<Part extends string>(
  network: Network<Part>,
  followed: readonly Part[],
  { start = 0.99, steps }: MomentumOptions,
): MomentumEncoder<Part> {
  const moves = tf.tidy(() => tf.variable(tf.scalar(0), false));
  const parts = Object.fromEntries(
    followed.map((part) => [part, clone(network.parts[part])]),
  ) as Record<Part, Parameters>;
  const all = followed.flatMap((part) =>
    [...parts[part]].map(([name, own]) => ({ path: `${part}/${name}`, name, part, own })),
  );
  const weights = all.filter(({ path }) => network.parameters.has(path));
  return {
    parts,
    extra: new Map([
      ["momentum/moves", moves],
      ...all.map(({ path, own }) => [`momentum/${path}`, own] as const),
    ]),
    follow: () =>
      tf.tidy(() => {
        moves.assign(moves.add(1));
        const gap = momentumGap(tf.minimum(moves.div(steps), 1), start);
        const keep = tf.sub(1, gap);
        for (const { path, own } of weights) {
          own.assign(own.mul(keep).add(network.parameters.get(path)!.mul(gap)));
        }
      }),
    copy: () => all.forEach(({ part, name, own }) => own.assign(network.parts[part].get(name)!)),
    dispose: () => {
      moves.dispose();
      followed.forEach((part) => disposeParameters(parts[part]));
    },
  };
}

function clone(parameters: Parameters): Parameters {
  return new Map([...parameters].map(([name, v]) => [name, tf.variable(v, false)] as const));
}
