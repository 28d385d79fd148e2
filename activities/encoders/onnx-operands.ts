import { UnsupportedFormat } from "../../domain/errors.ts";

/** A tensor of the graph. Of rank 4, it is `[n, c, h, w]` in ONNX where TensorFlow has `[n, h, w, c]`. */
export interface OnnxTensorRef {
  readonly kind: "tensor";
  readonly name: string;
  readonly rank: number;
}

/** Numbers that are known: weights, or what an operation is told by an input. As TensorFlow has them. */
export interface KnownArray {
  readonly kind: "array";
  /** The same numbers have the same name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

export type Operand = OnnxTensorRef | KnownArray;

/** Attributes by name, as they were given to TensorFlow. */
export type TensorFlowAttributes = Readonly<Record<string, unknown>>;

/** Which axis of TensorFlow's each of ONNX' is. */
export function axisOrder(rank: number): readonly number[] {
  return rank === 4 ? [0, 3, 1, 2] : Array.from({ length: rank }, (_, axis) => axis);
}

/** An operand that must be computed. */
export function tensor(op: string, operand: Operand | undefined): OnnxTensorRef {
  if (operand?.kind !== "tensor") refuse(op, "takes known numbers for a tensor");
  return operand;
}

/** An operand that must be images in TensorFlow's usual layout. */
export function images(
  op: string,
  operand: Operand | undefined,
  attributes: TensorFlowAttributes,
): OnnxTensorRef {
  const x = tensor(op, operand);
  if (x.rank !== 4 || attributes["data_format"] !== "NHWC") refuse(op, "is not of NHWC images");
  return x;
}

/** An operand that must be known. */
export function array(op: string, operand: Operand | undefined): KnownArray {
  if (operand?.kind !== "array") refuse(op, "takes a tensor for numbers that should be known");
  return operand;
}

/** Throws `UnsupportedFormat` saying what about an operation there is no way to write. */
export function refuse(op: string, why: string): never {
  throw new UnsupportedFormat(`TensorFlow's ${op} cannot be written as ONNX: it ${why}`);
}
