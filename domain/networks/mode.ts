import type * as tf from "@tensorflow/tfjs";

/**
 * How a forward pass is meant: training normalises by the batch, moves the running statistics and
 * drops units by chance; inference uses the running statistics and is deterministic.
 */
export type Mode = typeof INFERENCE | TrainingMode;

export interface TrainingMode {
  readonly training: true;
  /**
   * A mask of dropout: 0 with probability `rate`, else 1 / (1 - rate). Chance comes from outside,
   * as an input of the step, so that a step recorded as a graph can be run again with other masks.
   */
  readonly mask: (shape: readonly number[], rate: number) => tf.Tensor;
}

export const INFERENCE = { training: false } as const;
