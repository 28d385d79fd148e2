import * as tf from "@tensorflow/tfjs";
import type { TrainingMode } from "../networks/mode.ts";
import { exportParameters, importParameters } from "../networks/parameters.ts";
import type { Random } from "../random.ts";
import type { Arrays, Tensors } from "./arrays.ts";
import { toTensors } from "./arrays.ts";
import type { Learner } from "./learner.ts";

/** A mask that a forward pass asks for. */
export interface MaskSpec {
  readonly shape: readonly number[];
  /** Share of zeros. */
  readonly rate: number;
}

/**
 * Which masks of dropout a learner's loss asks for, in its order, found by a trial with a batch.
 * Leaves all variables as they were.
 */
export function discoverMasks(learner: Learner, batch: Arrays): MaskSpec[] {
  // What a forward pass records on its way: running statistics, a momentum encoder's among them.
  const recorded = new Map([...learner.network.statistics, ...(learner.extra ?? [])]);
  const before = exportParameters(recorded);
  const found: MaskSpec[] = [];
  const inputs = toTensors(batch);
  try {
    tf.tidy(() => {
      learner.loss(inputs, {
        training: true,
        mask(shape, rate) {
          found.push({ shape: [...shape], rate });
          return tf.ones([...shape]);
        },
      });
    });
  } finally {
    tf.dispose(inputs);
    importParameters(recorded, before);
  }
  return found;
}

/** The masks of a step, as inputs `mask/0`, `mask/1` … */
export function drawMasks(specs: readonly MaskSpec[], random: Random): Arrays {
  return Object.fromEntries(
    specs.map(({ shape, rate }, i) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const kept = 1 / (1 - rate);
      const values = Float32Array.from({ length: size }, () => (random.next() < rate ? 0 : kept));
      return [`mask/${i}`, { shape, values }] as const;
    }),
  );
}

/** A mode that hands out the masks among a step's inputs, in the order in which they were found. */
export function maskedTraining(inputs: Tensors): TrainingMode {
  let next = 0;
  return {
    training: true,
    mask: (shape) => {
      const mask = inputs[`mask/${next++}`];
      if (mask === undefined) throw new RangeError(`There is no mask for ${next - 1}: [${shape}]`);
      return mask;
    },
  };
}
