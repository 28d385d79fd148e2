import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import type * as Backend from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { NotFound } from "../../domain/errors.ts";
import { deferDisposal } from "./kernels/defer-disposal.ts";
import { registerKernels } from "./kernels/register-kernels.ts";

const BACKEND = "tensorflow";

/** How TensorFlow is loaded, once per process. */
export interface TensorFlowOptions {
  /** The tfjs-node-gpu binding as `npm run setup` compiled it. */
  readonly addon: string;
  /**
   * Let XLA compile what it finds in graphs (`graph/`). On two cores a compiled ResNet-18 step took
   * a third more time with it (0.62 s of cores against 0.47) after 8.5 s of them, against 3.3, for the first.
   *
   * @default false
   */
  readonly xla?: boolean;
}

/** TensorFlow's switches for it, from its environment. */
const XLA_FLAGS = "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit";

/**
 * Make TensorFlow's own kernels compute what `@tensorflow/tfjs` is asked for in this process.
 *
 * Idempotent; the returned namespace is the one every `import * as tf from "@tensorflow/tfjs"` sees.
 * TensorFlow reads its own environment (threads, GPUs) here, once, so set it before. Throws
 * `NotFound` if the addon or a library that it needs is not there.
 */
export async function loadTensorFlow({
  addon,
  xla = false,
}: TensorFlowOptions): Promise<typeof tf> {
  if (tf.findBackend(BACKEND) === null) {
    if (xla) process.env["TF_XLA_FLAGS"] ??= XLA_FLAGS;
    register(bindingAt(addon));
  }
  if (!(await tf.setBackend(BACKEND))) throw new Error("tfjs refuses its TensorFlow backend");
  return tf;
}

/** Which TensorFlow computes here, and whether on a GPU; undefined before `loadTensorFlow`. */
export function tensorFlowInUse(): { readonly version: string; readonly gpu: boolean } | undefined {
  const backend = tf.findBackend(BACKEND) as Backend.NodeJSKernelBackend | null;
  if (backend === null) return undefined;
  return { version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice };
}

function bindingAt(addon: string): TFJSBinding {
  if (!existsSync(addon)) {
    throw new NotFound(`TensorFlow's addon is not at ${addon}: run \`npm run setup\``);
  }
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2"; // warnings about CPU features are noise
  const target: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(target, addon, constants.dlopen.RTLD_NOW);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotFound(
      `TensorFlow's addon ${addon} cannot be loaded (${reason}): run \`npm run setup\``,
    );
  }
  return target.exports as TFJSBinding;
}

/** Around tfjs-node-gpu's index.js, which would look for an addon inside node_modules. */
function register(binding: TFJSBinding): void {
  // Node 23 removed these two; tfjs-node 4.22 calls them in every operation (tfjs#8609).
  const legacy = util as unknown as Record<string, unknown>;
  legacy["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  legacy["isArray"] ??= Array.isArray;

  const require = createRequire(import.meta.url);
  require("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
  const { NodeJSKernelBackend } =
    require("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js") as typeof Backend;
  registerKernels(binding, BACKEND);
  // The package name decides whether the backend asks the binding for a GPU at all.
  const backend = new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu");
  deferDisposal(backend);
  tf.registerBackend(BACKEND, () => backend, 3);
}
