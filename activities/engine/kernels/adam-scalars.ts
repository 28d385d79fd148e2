import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Numbers of scalars inside TensorFlow. */
export interface AdamScalars {
  readonly beta1: number;
  readonly beta2: number;
  /** ε as TensorFlow means it. */
  readonly epsilon: number;
}

/**
 * The scalars of a step, which all its variables share: made when the first asks, freed when the
 * next step's first does.
 *
 * TensorFlow adds its ε before the bias correction of v, Kingma and Ba (and torch) after it: theirs
 * times √(1 − β₂ᵗ) is TensorFlow's.
 *
 * @see Kingma and Ba 2014, section 2, last paragraph; TensorFlow's operation ResourceApplyAdam
 */
export function createAdamScalars(): (
  binding: TFJSBinding,
  beta2Power: number,
  constants: AdamConstants,
) => AdamScalars {
  let key = "";
  let held: AdamScalars | undefined;
  return (binding, beta2Power, constants) => {
    const { beta1, beta2, epsilon } = constants;
    const wanted = [beta2Power, beta1, beta2, epsilon].join();
    if (held !== undefined && key === wanted) return held;
    if (held !== undefined) Object.values(held).forEach((id: number) => binding.deleteTensor(id));
    key = wanted;
    held = make(binding, beta2Power, constants);
    return held;
  };
}

function make(
  binding: TFJSBinding,
  beta2Power: number,
  { beta1, beta2, epsilon }: AdamConstants,
): AdamScalars {
  const scalar = (value: number) =>
    binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value));
  const float: TFEOpAttr = { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const apply = (op: string, ...ids: number[]) => binding.executeOp(op, [float], ids, 1)[0]!.id;
  const [one, plain] = [scalar(1), scalar(epsilon)];
  const rest = apply("Sub", one, beta2Power);
  const root = apply("Sqrt", rest);
  const scaled = apply("Mul", plain, root);
  [one, plain, rest, root].forEach((id) => binding.deleteTensor(id));
  return { beta1: scalar(beta1), beta2: scalar(beta2), epsilon: scaled };
}
