import type * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../networks/parameters.ts";
import type { Arrays, Tensors } from "./arrays.ts";

/**
 * What one training step computes, as a function of tensors: it reads its inputs and its state,
 * assigns to its state, and returns a report. Nothing else goes in or comes out. Numbers that change
 * from step to step (rate, masks of dropout, bias corrections) are inputs, never JavaScript numbers,
 * so that a step recorded once can be run again.
 */
export interface StepProgram {
  /** Every variable that the step reads or moves: weights, running statistics, moments, averages. */
  readonly state: Parameters;
  /** One step; the report is `[n]`, of the same length every time. Runs inside a tidy. */
  run(inputs: Tensors): tf.Tensor1D;
}

/** Runs a program step by step. */
export interface StepRunner {
  /**
   * One step. Names, shapes and types of the inputs are the same every time. Resolves to the
   * program's report, read back; the state has moved by then.
   */
  step(inputs: Arrays): Promise<Float32Array>;
  /**
   * Copy the state into the program's variables: between steps a runner may keep it where it
   * computes. Whatever reads the variables (a checkpoint, a validation) calls this before.
   */
  pull(): Promise<void>;
  /** The program's variables were changed from outside (a restored checkpoint): take them over. */
  push(): Promise<void>;
  dispose(): void;
}

/** How steps are run: as they are written (`eagerRunner`), or compiled into a graph. */
export type CreateStepRunner = (program: StepProgram) => StepRunner;
