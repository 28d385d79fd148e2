import * as tf from "@tensorflow/tfjs";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { OpenBackend } from "../graph/open-backend.ts";
import { isRecording } from "../graph/recording-binding.ts";
import { type AdamConstants, createAdamScalars } from "./adam-scalars.ts";
import { type AdamSlot, createAdamSlot } from "./adam-slot.ts";

/** The kernel's name; `tf.getKernel(it, tf.getBackend())` says whether an engine has it. */
export const FUSED_ADAM = "FusedAdam";

/**
 * Teach the engine Adam's update of one variable in one operation.
 *
 * `tf.engine().runKernel("FusedAdam", { parameter, m, v, gradient, rate, beta1Power, beta2Power },
 * { beta1, beta2, epsilon })` returns the next parameter, m and v as new tensors. `rate`,
 * `beta1Power` = β₁ᵗ and `beta2Power` = β₂ᵗ are scalars, t being 1 at the first step:
 * m' = β₁m + (1 − β₁)g, v' = β₂v + (1 − β₂)g²,
 * parameter' = parameter − rate · m'/(1 − β₁ᵗ) / (√(v'/(1 − β₂ᵗ)) + ε).
 *
 * @see Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, algorithm 1
 */
export function registerFusedAdam(backendName: string): void {
  const scalars = createAdamScalars();
  // By the data of the parameter: whoever goes on from a result goes on in its slot.
  const slots = new WeakMap<object, AdamSlot>();
  tf.registerKernel({
    kernelName: FUSED_ADAM,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const open = backend as unknown as OpenBackend;
      const { binding } = open;
      const constants = attrs as unknown as AdamConstants;
      const { parameter, m, v, gradient, rate, beta1Power, beta2Power } = inputs;
      const ids = open.getInputTensorIds(
        [parameter, m, v, gradient, rate, beta1Power, beta2Power].map((tensor) => tensor!),
      );
      const update = (plain: TFJSBinding, slot: AdamSlot) =>
        slot.update(ids, scalars(plain, ids[6]!, constants));
      if (isRecording(binding)) {
        // What a recording computes is thrown away, and so is its slot.
        const slot = createAdamSlot(binding.plain, parameter!.shape);
        const outputs = binding.composite(FUSED_ADAM, floats(binding, constants), ids, () =>
          update(binding.plain, slot),
        );
        slot.dispose();
        return outputs.map((metadata) => open.createOutputTensor(metadata));
      }
      const slot = slots.get(parameter!.dataId) ?? createAdamSlot(binding, parameter!.shape);
      const tensors = update(binding, slot).map((metadata) => open.createOutputTensor(metadata));
      slots.delete(parameter!.dataId);
      slots.set(tensors[0]!.dataId, slot);
      return tensors;
    },
  });
}

function floats(binding: TFJSBinding, { beta1, beta2, epsilon }: AdamConstants) {
  return Object.entries({ beta1, beta2, epsilon }).map(([name, value]) => ({
    name,
    type: binding.TF_ATTR_FLOAT,
    value,
  }));
}
