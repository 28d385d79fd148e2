import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { replaceKernel } from "./replace-kernel.ts";

/**
 * Gather without reading the indices back first: tfjs-node checks them in JavaScript, which no graph
 * can. TensorFlow checks them itself on the CPU (an error), and gives zeros on a GPU.
 */
export function registerGather(binding: TFJSBinding, backendName: string): void {
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  replaceKernel({
    kernelName: "GatherV2",
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const node = backend as NodeJSKernelBackend;
      const { x, indices } = inputs as Record<string, tf.Tensor>;
      const { axis, batchDims } = attrs as { readonly axis: number; readonly batchDims: number };
      tf.backend_util.segment_util.collectGatherOpShapeInfo(x!, indices!, axis, batchDims);
      const attributes = [
        { name: "batch_dims", type: binding.TF_ATTR_INT, value: batchDims },
        type("Tparams", node.getDTypeInteger(x!.dtype)),
        type("Tindices", node.getDTypeInteger(indices!.dtype)),
        type("Taxis", binding.TF_INT32),
      ];
      return tf.tidy(() =>
        node.executeSingleOutput("GatherV2", attributes, [x!, indices!, tf.scalar(axis, "int32")]),
      );
    },
  });
}
