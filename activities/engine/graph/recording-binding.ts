import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { TensorMetadata } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

/** A binding that takes down what goes through it. */
export interface RecordingBinding extends TFJSBinding {
  /** The binding below, through which nothing is taken down. */
  readonly plain: TFJSBinding;
  /**
   * Execute what eager TensorFlow does in several calls, and take it down as one operation of this
   * name, which whoever writes the graph must know.
   */
  composite(
    op: string,
    attributes: readonly TFEOpAttr[],
    inputs: readonly number[],
    execute: () => TensorMetadata[],
  ): TensorMetadata[];
}

/** Whether calls through this binding are being recorded. */
export function isRecording(binding: TFJSBinding): binding is RecordingBinding {
  return "composite" in binding;
}
