import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { registerConvolution } from "./convolution.ts";
import { registerExpandDims } from "./expand-dims.ts";
import { registerFusedAdam } from "./fused-adam.ts";
import { registerFusedBatchNorm } from "./fused-batch-norm.ts";
import { registerGather } from "./gather.ts";
import { registerHalfSquare } from "./half-square.ts";
import { registerMaxPool } from "./max-pool.ts";
import { registerRelu } from "./relu.ts";
import { registerSameData } from "./same-data.ts";

/** Teach tfjs-node's backend what training needs and it lacks, or takes more calls for. */
export function registerKernels(binding: TFJSBinding, backendName: string): void {
  registerConvolution(binding, backendName);
  registerExpandDims(binding, backendName);
  registerFusedAdam(backendName);
  registerFusedBatchNorm(binding, backendName);
  registerGather(binding, backendName);
  registerHalfSquare(binding, backendName);
  registerMaxPool(binding, backendName);
  registerRelu(binding, backendName);
  registerSameData(backendName);
}
