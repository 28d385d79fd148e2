import { array, axisOrder, images, refuse, tensor } from "./onnx-operands.ts";
import type { KnownArray, OnnxTensorRef, Operand, TensorFlowAttributes } from "./onnx-operands.ts";
import { spatial, windowAttributes } from "./onnx-window.ts";
import type { OnnxWriter } from "./onnx-writer.ts";

/** An operation of TensorFlow, to be written. */
export interface OperationToWrite {
  readonly op: string;
  readonly operands: readonly Operand[];
  readonly attributes: TensorFlowAttributes;
  readonly writer: OnnxWriter;
}

type Write = (operation: OperationToWrite) => OnnxTensorRef;

/** What encoders consist of, by TensorFlow's names. */
const OPERATIONS: Readonly<Record<string, Write>> = {
  Conv2D: convolution,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  Relu: (operation) => elementwise("Relu", operation),
  Add: (operation) => elementwise("Add", operation),
  AddV2: (operation) => elementwise("Add", operation),
  MaxPool: maxPool,
  Pad: pad,
  PadV2: pad,
  Mean: mean,
  Identity: ({ op, operands }) => tensor(op, operands[0]),
  Cast: cast,
};

/** Write an operation in ONNX. Throws `UnsupportedFormat` naming what there is no way to write. */
export function writeOperation(operation: OperationToWrite): OnnxTensorRef {
  const write = OPERATIONS[operation.op];
  if (write === undefined) refuse(operation.op, "is not among the operations that are written");
  return write(operation);
}

function convolution({ op, operands, attributes, writer }: OperationToWrite): OnnxTensorRef {
  const x = images(op, operands[0], attributes);
  const filter = array(op, operands[1]);
  const [height, width] = filter.shape as [number, number];
  const window = { kernel: [height, width] as const, dilations: spatial(attributes["dilations"]) };
  const weights = writer.floats(filter.name, ...toOihw(filter));
  const name = writer.add("Conv", [x.name, weights], windowAttributes(op, attributes, window));
  return { kind: "tensor", name, rank: 4 };
}

function maxPool({ op, operands, attributes, writer }: OperationToWrite): OnnxTensorRef {
  const x = images(op, operands[0], attributes);
  const window = { kernel: spatial(attributes["ksize"]), dilations: [1, 1] as const };
  const name = writer.add("MaxPool", [x.name], windowAttributes(op, attributes, window));
  return { kind: "tensor", name, rank: 4 };
}

/** A filter `[h, w, in, out]` as `[out, in, h, w]`. */
function toOihw({ shape, values }: KnownArray): [readonly number[], Float32Array] {
  const [h, w, inputs, outputs] = shape as [number, number, number, number];
  const turned = new Float32Array(values.length);
  for (let place = 0, from = 0; place < h * w; place++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) turned[(o * inputs + i) * h * w + place] = values[from++]!;
    }
  }
  return [[outputs, inputs, h, w], turned];
}

function batchNorm({ op, operands, attributes, writer }: OperationToWrite): OnnxTensorRef {
  if (attributes["is_training"] !== false) refuse(op, "normalises by the batch");
  const x = images(op, operands[0], attributes);
  // Scale, offset, mean and variance: the same order in both.
  const weights = operands.slice(1).map((operand) => {
    const { name, shape, values } = array(op, operand);
    return writer.floats(name, shape, Float32Array.from(values));
  });
  const epsilon = { float: attributes["epsilon"] as number };
  const name = writer.add("BatchNormalization", [x.name, ...weights], { epsilon });
  return { kind: "tensor", name, rank: 4 };
}

function elementwise(onnx: string, { op, operands, writer }: OperationToWrite): OnnxTensorRef {
  const tensors = operands.map((operand) => tensor(op, operand));
  const { rank } = tensors[0]!;
  if (tensors.some((other) => other.rank !== rank)) refuse(op, "has operands of different ranks");
  const name = writer.add(
    onnx,
    tensors.map(({ name }) => name),
  );
  return { kind: "tensor", name, rank };
}

function pad({ op, operands, writer }: OperationToWrite): OnnxTensorRef {
  const x = tensor(op, operands[0]);
  const { values: paddings } = array(op, operands[1]);
  const order = axisOrder(x.rank);
  const ends = [0, 1].flatMap((end) => order.map((axis) => paddings[2 * axis + end]!));
  const inputs = [x.name, writer.integers(ends)];
  if (operands[2] !== undefined) {
    const { name, values } = array(op, operands[2]);
    inputs.push(writer.floats(name, [], Float32Array.from(values)));
  }
  return { kind: "tensor", name: writer.add("Pad", inputs), rank: x.rank };
}

function mean({ op, operands, attributes, writer }: OperationToWrite): OnnxTensorRef {
  const x = tensor(op, operands[0]);
  const reduced = Array.from(array(op, operands[1]).values, (axis) =>
    axis < 0 ? axis + x.rank : axis,
  );
  const keep = attributes["keep_dims"] === true;
  const order = axisOrder(x.rank);
  // What is left of height, width and channels must still be in TensorFlow's order.
  const left = order.filter((axis) => !reduced.includes(axis));
  if (!keep && left.some((axis, i) => i > 0 && left[i - 1]! > axis)) {
    refuse(op, `leaves channels before others, over the axes ${reduced}`);
  }
  const axes = reduced.map((axis) => order.indexOf(axis));
  const name = writer.add("ReduceMean", [x.name], { axes, keepdims: keep ? 1 : 0 });
  return { kind: "tensor", name, rank: keep ? x.rank : x.rank - reduced.length };
}

function cast({ op, operands, attributes }: OperationToWrite): OnnxTensorRef {
  if (attributes["SrcT"] !== attributes["DstT"]) refuse(op, "changes the type");
  return tensor(op, operands[0]);
}
