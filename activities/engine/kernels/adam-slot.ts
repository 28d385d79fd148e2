import type {
  TensorMetadata,
  TFEOpAttr,
  TFJSBinding,
} from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { AdamScalars } from "./adam-scalars.ts";

/** A parameter and its moments inside TensorFlow, where one operation updates all three. */
export interface AdamSlot {
  /**
   * Update. What is held already is not handed over again.
   *
   * @param ids - the numbers of parameter, m, v, gradient, rate, β₁ᵗ, β₂ᵗ
   * @param scalars - the numbers of TensorFlow's further scalars
   */
  readonly update: (ids: readonly number[], scalars: AdamScalars) => void;
  /** What one of the three (0: parameter, 1: m, 2: v) is now; the caller owns the tensor. */
  readonly read: (which: number) => TensorMetadata;
  /** Happens by itself, in the end, to a slot that nobody can reach. */
  readonly dispose: () => void;
}
