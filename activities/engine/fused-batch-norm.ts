import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

/** The kernel's name; `tf.getKernel(it, tf.getBackend())` says whether an engine has it. */
export const FUSED_BATCH_NORM = "FusedBatchNormTrain";

const GRADIENT = "FusedBatchNormTrainGrad";

interface Inputs {
  readonly [name: string]: tf.Tensor;
}

/**
 * Teach the engine to batch-normalise in one operation each way (training mode).
 *
 * `tf.engine().runKernel("FusedBatchNormTrain", { x, g, b }, { epsilon })` takes `x`
 * `[n, h, w, c]` or `[n, d, h, w, c]`, scale `g` and offset `b` `[c]`, and returns six tensors:
 * `y` like `x`; the batch's mean `[c]` and *unbiased* variance `[c]` (divisor m - 1, what running
 * statistics want; `y` itself is normalised with the biased one); and three that only the gradient
 * reads. The gradient flows through `y` alone: a loss must not depend on the mean or variance.
 *
 * @see TensorFlow's operations FusedBatchNormV3 and FusedBatchNormGradV3
 */
export function registerFusedBatchNorm(binding: TFJSBinding, backendName: string): void {
  const type = (name: string): TFEOpAttr => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_FLOAT,
  });
  const attributes = (rank: number, epsilon: number): TFEOpAttr[] => [
    type("T"),
    type("U"),
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: layout(rank) },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ];

  tf.registerKernel({
    kernelName: FUSED_BATCH_NORM,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, g, b } = inputs as Inputs;
      const noStatistics = tf.zeros([0]); // the operation keeps no running statistics itself
      const outputs = (backend as NodeJSKernelBackend).executeMultipleOutputs(
        "FusedBatchNormV3",
        [
          ...attributes(x!.shape.length, epsilonOf(attrs)),
          { name: "exponential_avg_factor", type: binding.TF_ATTR_FLOAT, value: 1 },
        ],
        [x!, g!, b!, noStatistics, noStatistics],
        6,
      );
      noStatistics.dispose();
      return outputs;
    },
  });

  tf.registerKernel({
    kernelName: GRADIENT,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { dy, x, g, r1, r2, r3 } = inputs as Inputs;
      return (backend as NodeJSKernelBackend).executeMultipleOutputs(
        "FusedBatchNormGradV3",
        attributes(x!.shape.length, epsilonOf(attrs)),
        [dy!, x!, g!, r1!, r2!, r3!],
        5,
      );
    },
  });

  tf.registerGradient({
    kernelName: FUSED_BATCH_NORM,
    inputsToSave: ["x", "g"],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dys, saved, attrs) => {
      const [x, g, r1, r2, r3] = saved;
      const dy = Array.isArray(dys) ? dys[0]! : dys;
      // Once and now: the engine tidies around each closure and would dispose a result cached there.
      const [dx, dg, db] = tf
        .engine()
        .runKernel<tf.Tensor[]>(GRADIENT, { dy, x: x!, g: g!, r1: r1!, r2: r2!, r3: r3! }, attrs);
      return { x: () => dx!.clone(), g: () => dg!.clone(), b: () => db!.clone() };
    },
  });
}

function layout(rank: number): "NHWC" | "NDHWC" {
  if (rank === 4) return "NHWC";
  if (rank === 5) return "NDHWC";
  throw new Error(`Batch norm takes [n, h, w, c] or [n, d, h, w, c], got a tensor of rank ${rank}`);
}

function epsilonOf(attrs: unknown): number {
  const epsilon = (attrs as { readonly epsilon?: unknown } | undefined)?.epsilon;
  if (typeof epsilon === "number" && epsilon > 0) return epsilon;
  throw new Error(`Batch norm needs a positive epsilon, got ${String(epsilon)}`);
}
