import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

/** The kernel's name; `tf.getKernel(it, tf.getBackend())` says whether an engine has it. */
export const HALF_SQUARE = "HalfSquare";

/**
 * Teach the engine half the squared length of a tensor in one pass over it:
 * `tf.engine().runKernel("HalfSquare", { x })` returns ½ Σ x², a scalar. It has no gradient.
 *
 * @see TensorFlow's operation L2Loss
 */
export function registerHalfSquare(binding: TFJSBinding, backendName: string): void {
  tf.registerKernel({
    kernelName: HALF_SQUARE,
    backendName,
    kernelFunc: ({ inputs, backend }) =>
      (backend as NodeJSKernelBackend).executeSingleOutput(
        "L2Loss",
        [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }],
        [inputs["x"]!],
      ),
  });
}
