import * as tf from "@tensorflow/tfjs";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { OpenBackend } from "../graph/open-backend.ts";
import { isRecording, type RecordingBinding } from "../graph/recording-binding.ts";
import { type AdamConstants, type AdamScalars, createAdamScalars } from "./adam-scalars.ts";
import { type AdamSlot, createAdamSlot } from "./adam-slot.ts";
import { createSlotMoment, type SlotMoment } from "./slot-moment.ts";

/** The kernel's name; `tf.getKernel(it, tf.getBackend())` says whether an engine has it. */
export const FUSED_ADAM = "FusedAdam";

/** Where a parameter is updated from step to step, and whose value it has. */
interface Place {
  readonly slot: AdamSlot;
  readonly m: SlotMoment;
  readonly v: SlotMoment;
  /** The data of the parameter that the slot holds. */
  parameter: object;
}

/**
 * Teach the engine Adam's update of one variable in one operation.
 *
 * `tf.engine().runKernel("FusedAdam", { parameter, m, v, gradient, rate, beta1Power, beta2Power },
 * { beta1, beta2, epsilon })` returns the next parameter, m and v. `rate`, `beta1Power` = β₁ᵗ and
 * `beta2Power` = β₂ᵗ are scalars, t being 1 at the first step:
 * m' = β₁m + (1 − β₁)g, v' = β₂v + (1 − β₂)g²,
 * parameter' = parameter − rate · m'/(1 − β₁ᵗ) / (√(v'/(1 − β₂ᵗ)) + ε).
 *
 * m and v are consumed: they stay inside TensorFlow from step to step, and an m or v that came out
 * of one call and goes into the next becomes the next one, unless somebody holds a clone of it.
 *
 * @see Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, algorithm 1
 */
export function registerFusedAdam(backendName: string): void {
  const scalars = createAdamScalars();
  const places = new WeakMap<object, Place>(); // by the data of m
  tf.registerKernel({
    kernelName: FUSED_ADAM,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const open = backend as unknown as OpenBackend;
      const { binding } = open;
      const constants = attrs as unknown as AdamConstants;
      const { parameter, m, v, gradient, rate, beta1Power, beta2Power } = inputs as Inputs;
      const ids = open.getInputTensorIds([gradient, rate, beta1Power, beta2Power]);
      if (isRecording(binding)) {
        const values = open.getInputTensorIds([parameter, m, v]);
        const further = scalars(binding.plain, ids[3]!, constants);
        return take(binding, constants, [...values, ...ids], further, parameter.shape).map(
          (metadata) => open.createOutputTensor(metadata),
        );
      }
      let place = places.get(m.dataId);
      if (place?.v.dataId() !== v.dataId) place = undefined;
      if (place === undefined) {
        place = begin(open, parameter.shape, open.getInputTensorIds([parameter, m, v]));
        place.parameter = parameter.dataId;
      } else {
        place.m.advance();
        place.v.advance();
      }
      if (place.parameter !== parameter.dataId) {
        place.slot.assign(0, open.getInputTensorIds([parameter])[0]!);
      }
      place.slot.update(ids, scalars(binding, ids[3]!, constants));
      const next = open.createOutputTensor(place.slot.read(0));
      place.parameter = next.dataId;
      const moments = [place.m, place.v].map((moment) => {
        const dataId = moment.dataId();
        open.incRef(dataId);
        return { dataId, shape: [...parameter.shape], dtype: "float32" as const };
      });
      places.delete(m.dataId);
      places.set(moments[0]!.dataId, place);
      return [next, ...moments];
    },
  });
}

type Inputs = Readonly<
  Record<"parameter" | "m" | "v" | "gradient" | "rate" | "beta1Power" | "beta2Power", tf.TensorInfo>
>;

function begin(backend: OpenBackend, shape: readonly number[], values: readonly number[]): Place {
  const slot = createAdamSlot(backend.binding, shape);
  values.forEach((id, which) => slot.assign(which, id));
  const [m, v] = [1, 2].map((which) => createSlotMoment(backend, slot, which, shape));
  return { slot, m: m!, v: v!, parameter: {} };
}

/** While recording: what is computed is thrown away, and so is its slot. */
function take(
  binding: RecordingBinding,
  constants: AdamConstants,
  ids: readonly number[],
  scalars: AdamScalars,
  shape: readonly number[],
) {
  const slot = createAdamSlot(binding.plain, shape);
  const outputs = binding.composite(FUSED_ADAM, floats(binding, constants), ids, () => {
    ids.slice(0, 3).forEach((id, which) => slot.assign(which, id));
    slot.update(ids.slice(3), scalars);
    return [0, 1, 2].map((which) => slot.read(which));
  });
  slot.dispose();
  return outputs;
}

function floats(binding: TFJSBinding, { beta1, beta2, epsilon }: AdamConstants) {
  return Object.entries({ beta1, beta2, epsilon }).map(([name, value]) => ({
    name,
    type: binding.TF_ATTR_FLOAT,
    value,
  }));
}
