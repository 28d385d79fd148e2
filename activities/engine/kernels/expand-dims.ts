import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { replaceKernel } from "./replace-kernel.ts";

/**
 * Name the type when a dimension is added: of all kernels of tfjs-node this one alone leaves it to
 * eager TensorFlow to find out, which a graph cannot do.
 */
export function registerExpandDims(binding: TFJSBinding, backendName: string): void {
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  replaceKernel({
    kernelName: "ExpandDims",
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const node = backend as NodeJSKernelBackend;
      const { input } = inputs as { readonly input: tf.TensorInfo };
      const attributes = [
        type("T", node.getDTypeInteger(input.dtype)),
        type("Tdim", binding.TF_INT32),
      ];
      const { dim } = attrs as unknown as { readonly dim: number };
      return tf.tidy(() =>
        node.executeSingleOutput("ExpandDims", attributes, [input, tf.scalar(dim, "int32")]),
      );
    },
  });
}
