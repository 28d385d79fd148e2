import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { Constant, Operation, Recording, Source } from "./recording.ts";

/**
 * Let convolutions of a frozen recording do what the batch norm after them does: scaled weights and
 * a bias, which TensorFlow then computes in one go with the ReLU that follows.
 */
export function foldBatchNorm(recording: Recording, binding: TFJSBinding): Recording {
  const operations = [...recording.operations];
  const constants = [...recording.constants];
  const uses = countUses(recording);
  const add = (constant: Constant): Source => ({
    kind: "constant",
    index: constants.push(constant) - 1,
  });
  const floats = (source: Source): Constant | undefined =>
    source.kind === "constant" ? constants[source.index] : undefined;

  recording.operations.forEach((norm, at) => {
    if (norm.op !== "FusedBatchNormV3" || attribute(norm, "is_training") !== false) return;
    const [x, ...rest] = norm.inputs as [Source, ...Source[]];
    const convolution = x.kind === "operation" ? operations[x.index]! : undefined;
    if (x.kind !== "operation" || convolution?.op !== "Conv2D" || uses.get(x.index) !== 1) return;
    const filter = floats(convolution.inputs[1]!);
    const [scale, offset, mean, variance] = rest.map((source) => floats(source)?.values);
    if (!filter || !scale || !offset || !mean || !variance) return;

    const epsilon = attribute(norm, "epsilon") as number;
    const factor = Float32Array.from(scale, (g, c) => g / Math.sqrt(variance[c]! + epsilon));
    const channels = factor.length;
    const weights = Float32Array.from(filter.values, (w, i) => w * factor[i % channels]!);
    const bias = Float32Array.from(offset, (b, c) => b - mean[c]! * factor[c]!);
    const scaled = add({ ...filter, values: weights });
    const added = add({ ...filter, shape: [channels], values: bias });
    operations[x.index] = { ...convolution, inputs: [convolution.inputs[0]!, scaled] };
    operations[at] = {
      op: "BiasAdd",
      attributes: [
        { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
      ],
      inputs: [x, added],
    };
  });
  return { ...recording, operations, constants };
}

function attribute({ attributes }: Operation, name: string): unknown {
  return attributes.find((one) => one.name === name)?.value;
}

/** How often the outputs of each operation are taken. */
function countUses({ operations, results }: Recording): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  const taken = [
    ...operations.flatMap(({ inputs }) => inputs),
    ...results.map(({ source }) => source),
  ];
  for (const source of taken) {
    if (source.kind === "operation") uses.set(source.index, (uses.get(source.index) ?? 0) + 1);
  }
  return uses;
}
