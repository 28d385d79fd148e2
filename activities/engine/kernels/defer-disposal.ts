import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { OpenBackend } from "../graph/open-backend.ts";

/**
 * Have tensors that share data go without a look at the data. tfjs-node asks for its number in
 * TensorFlow each time, which for a `SlotMoment` costs a call.
 */
export function deferDisposal(backend: NodeJSKernelBackend): void {
  const { tensorMap } = backend as unknown as OpenBackend;
  const original = backend.disposeData.bind(backend);
  backend.disposeData = (dataId, force = false) => {
    const shared = tensorMap.has(dataId) && tensorMap.get(dataId).refCount > 1;
    if (force || !shared) return original(dataId, force);
    tensorMap.get(dataId).refCount--;
    return false;
  };
}
