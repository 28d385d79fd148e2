import type {
  TensorMetadata,
  TFEOpAttr,
  TFJSBinding,
} from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { AdamScalars } from "./adam-scalars.ts";

/** A parameter and its moments inside TensorFlow, where one operation updates all three. */
export interface AdamSlot {
  /** Take over the value of one of the three (0: parameter, 1: m, 2: v) from a tensor's number. */
  readonly assign: (which: number, id: number) => void;
  /**
   * @param ids - the numbers of gradient, rate, β₁ᵗ, β₂ᵗ
   * @param scalars - the numbers of TensorFlow's further scalars
   */
  readonly update: (ids: readonly number[], scalars: AdamScalars) => void;
  /** What one of the three is now. */
  readonly read: (which: number) => TensorMetadata;
  /** Happens by itself, in the end, to a slot that nobody can reach. */
  readonly dispose: () => void;
}

/** By this name, TensorFlow makes a variable that goes with the last of its handles. */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

const unreachable = new FinalizationRegistry<() => void>((free) => free());

/** Three variables of this shape, without values at first. */
export function createAdamSlot(binding: TFJSBinding, shape: readonly number[]): AdamSlot {
  const type = (name: string): TFEOpAttr => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_FLOAT,
  });
  const attributes = [
    type("dtype"),
    { name: "shape", type: binding.TF_ATTR_SHAPE, value: [...shape] },
    { name: "shared_name", type: binding.TF_ATTR_STRING, value: ANONYMOUS },
  ];
  const handles = [0, 1, 2].map(() => binding.executeOp("VarHandleOp", attributes, [], 1)[0]!.id);
  const free = () => handles.splice(0).forEach((handle) => binding.deleteTensor(handle));
  const slot: AdamSlot = {
    assign: (which, id) =>
      void binding.executeOp("AssignVariableOp", [type("dtype")], [handles[which]!, id], 0),
    update([gradient, rate, power1, power2], { beta1, beta2, epsilon }) {
      const numbers = [power1!, power2!, rate!, beta1, beta2, epsilon, gradient!];
      binding.executeOp("ResourceApplyAdam", [type("T")], [...handles, ...numbers], 0);
    },
    read: (which) => binding.executeOp("ReadVariableOp", [type("dtype")], [handles[which]!], 1)[0]!,
    dispose() {
      unreachable.unregister(handles);
      free();
    },
  };
  unreachable.register(slot, free, handles);
  return slot;
}
