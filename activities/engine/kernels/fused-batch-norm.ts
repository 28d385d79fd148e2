import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { replaceKernel } from "./replace-kernel.ts";

/** The kernel's name; `tf.getKernel(it, tf.getBackend())` says whether an engine has it. */
export const FUSED_BATCH_NORM = "FusedBatchNormTrain";

const GRADIENT = "FusedBatchNormTrainGrad";

interface Inputs {
  readonly [name: string]: tf.Tensor;
}

/**
 * Teach the engine to batch-normalise in one operation each way (training mode), which moves the
 * running statistics, too.
 *
 * `tf.engine().runKernel("FusedBatchNormTrain", { x, g, b, mean, variance }, { epsilon, momentum })`
 * takes `x` `[n, h, w, c]` or `[n, d, h, w, c]`, scale `g`, offset `b` and the running statistics
 * `[c]`, and returns six tensors: `y` like `x`; the next running mean and variance, `momentum` of
 * which is the batch's; and three that only the gradient reads. As torch has it, the variance that
 * is kept is unbiased (divisor m - 1) and the one that normalises `y` is not. Without `mean` and
 * `variance` (and `momentum`), the batch's own come back. The gradient flows through `y` alone: a
 * loss must not depend on the statistics.
 *
 * @see TensorFlow's operations FusedBatchNormV3 and FusedBatchNormGradV3
 */
export function registerFusedBatchNorm(binding: TFJSBinding, backendName: string): void {
  const type = (name: string): TFEOpAttr => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_FLOAT,
  });
  const attributes = (rank: number, epsilon: number, training = true): TFEOpAttr[] => [
    type("T"),
    type("U"),
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: layout(rank) },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: training },
  ];

  tf.registerKernel({
    kernelName: FUSED_BATCH_NORM,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, g, b, mean, variance } = inputs as Inputs;
      const { momentum = 1 } = (attrs ?? {}) as { readonly momentum?: number };
      const none = tf.zeros([0]); // what the operation takes for no running statistics
      const outputs = (backend as NodeJSKernelBackend).executeMultipleOutputs(
        "FusedBatchNormV3",
        [
          ...attributes(x!.shape.length, epsilonOf(attrs)),
          { name: "exponential_avg_factor", type: binding.TF_ATTR_FLOAT, value: momentum },
        ],
        [x!, g!, b!, mean ?? none, variance ?? none],
        6,
      );
      none.dispose();
      return outputs;
    },
  });

  // In inference tfjs-node takes the first version of the operation, of which oneDNN knows less.
  const original = tf.getKernel("FusedBatchNorm", backendName).kernelFunc;
  replaceKernel({
    kernelName: "FusedBatchNorm",
    backendName,
    kernelFunc: (kernel) => {
      const { x, scale, offset, mean, variance } = kernel.inputs as Partial<Inputs>;
      if (!scale || !offset || mean!.shape.length !== 1) return original(kernel);
      const { varianceEpsilon } = kernel.attrs as { readonly varianceEpsilon: number };
      const [y, ...rest] = (kernel.backend as NodeJSKernelBackend).executeMultipleOutputs(
        "FusedBatchNormV3",
        attributes(x!.shape.length, varianceEpsilon, false),
        [x!, scale, offset, mean!, variance!],
        6,
      );
      tf.dispose(rest);
      return y!;
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
      const nothing = () => tf.zerosLike(g!);
      return {
        x: () => dx!.clone(),
        g: () => dg!.clone(),
        b: () => db!.clone(),
        mean: nothing,
        variance: nothing,
      };
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
