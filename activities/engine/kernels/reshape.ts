import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { replaceKernel } from "./replace-kernel.ts";

/** Let a tensor that is reshaped to the shape it has be itself: gradients of sums do it at each. */
export function registerReshape(backendName: string): void {
  const original = tf.getKernel("Reshape", backendName).kernelFunc;
  replaceKernel({
    kernelName: "Reshape",
    backendName,
    kernelFunc: (kernel) => {
      const { x } = kernel.inputs as { readonly x: tf.TensorInfo };
      const { shape } = kernel.attrs as unknown as { readonly shape: readonly number[] };
      if (shape.join() !== x.shape.join()) return original(kernel);
      (kernel.backend as NodeJSKernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
