import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { replaceKernel } from "./replace-kernel.ts";

const GRADIENT = "ReluGrad";

/**
 * One operation for the gradient of `tf.relu` instead of nine; it remembers what came out instead
 * of what went in, which the next layer remembers anyway. Where another backend computes, tfjs's
 * own way.
 *
 * @see TensorFlow's operation ReluGrad
 */
export function registerRelu(binding: TFJSBinding, backendName: string): void {
  replaceKernel({
    kernelName: GRADIENT,
    backendName,
    kernelFunc: ({ inputs, backend }) =>
      (backend as NodeJSKernelBackend).executeSingleOutput(
        "ReluGrad",
        [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }],
        [inputs["dy"]!, inputs["y"]!],
      ),
  });
  tf.registerGradient({
    kernelName: "Relu",
    outputsToSave: [true],
    gradFunc: (dy, saved) => {
      const y = saved[0]!;
      const upstream = dy as tf.Tensor;
      if (tf.getKernel(GRADIENT, tf.getBackend()) === undefined) {
        return { x: () => upstream.mul(y.step()) };
      }
      return { x: () => tf.engine().runKernel<tf.Tensor>(GRADIENT, { dy: upstream, y }) };
    },
  });
}
