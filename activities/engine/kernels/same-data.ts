import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { replaceKernel } from "./replace-kernel.ts";

/**
 * Let a tensor that is reshaped to the shape it has, or cast to its own type, share its data:
 * gradients of sums and means do it all the time, and tfjs-node computes a copy.
 */
export function registerSameData(backendName: string): void {
  shareWhere<{ readonly shape: readonly number[] }>(
    "Reshape",
    backendName,
    (x, { shape }) => shape.join() === x.shape.join(),
  );
  shareWhere<{ readonly dtype: tf.DataType }>(
    "Cast",
    backendName,
    (x, { dtype }) => dtype === x.dtype,
  );
}

function shareWhere<A>(
  kernelName: string,
  backendName: string,
  same: (x: tf.TensorInfo, attributes: A) => boolean,
): void {
  const original = tf.getKernel(kernelName, backendName).kernelFunc;
  replaceKernel({
    kernelName,
    backendName,
    kernelFunc: (kernel) => {
      const { x } = kernel.inputs as { readonly x: tf.TensorInfo };
      if (!same(x, kernel.attrs as A)) return original(kernel);
      (kernel.backend as NodeJSKernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
