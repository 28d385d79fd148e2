import type * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../networks/parameters.ts";

/** Numbers that change from step to step, by name: the rate, bias corrections. */
export type StepNumbers = Readonly<Record<string, number>>;

/** Turns gradients into moves, with its state in the open so that it can be stored exactly. */
export interface Optimizer {
  /** Its state: `<slot>/<parameter>` of every parameter, zero at first. */
  readonly slots: Parameters;
  /** What `apply` needs to know of step `step` (from 1) at this rate. */
  numbers(step: number, rate: number): StepNumbers;
  /**
   * Move parameters and slots. `numbers` are the scalars of the step; of tensors alone, so that a
   * recorded step can be run again. Runs inside a tidy, which disposes the gradients.
   */
  apply(
    gradients: ReadonlyMap<string, tf.Tensor>,
    numbers: Readonly<Record<string, tf.Scalar>>,
  ): void;
  dispose(): void;
}

/** Which optimizer, as JSON. */
export interface OptimizerConfig {
  readonly kind: "adam" | "adamw" | "sgd" | "lars";
  /**
   * Pulls weights towards zero: decoupled in AdamW, added to the gradient elsewhere. Arrays of one
   * axis (biases, batch norm) are left alone, as SimCLR and MoCo v3 do. @default 0
   */
  readonly weightDecay?: number;
  /** SGD and LARS. @default 0.9 */
  readonly momentum?: number;
  /** SGD: look ahead by the momentum. @default false */
  readonly nesterov?: boolean;
  /** LARS: how much of a layer's length a step may be. @default 0.001 */
  readonly trust?: number;
}
