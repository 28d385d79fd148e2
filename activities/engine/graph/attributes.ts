import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { NotRecordable } from "./not-recordable.ts";

/** A value of TensorFlow's message AttrValue, of which one field is set. */
export interface AttributeValue {
  readonly s?: Uint8Array;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: ShapeValue;
  readonly tensor?: TensorValue;
  readonly list?: {
    readonly i?: readonly number[];
    readonly f?: readonly number[];
    readonly b?: readonly boolean[];
  };
}

/** TensorFlow's message TensorShapeProto. */
export interface ShapeValue {
  readonly dim: readonly { readonly size: number }[];
}

/** TensorFlow's message TensorProto. */
export interface TensorValue {
  readonly dtype: number;
  readonly tensorShape: ShapeValue;
  readonly tensorContent: Uint8Array;
}

export function shapeValue(shape: readonly number[]): ShapeValue {
  return { dim: shape.map((size) => ({ size })) };
}

/** An attribute of an eager operation as a graph's node has it. */
export function attributeValue(
  binding: TFJSBinding,
  { name, type, value }: TFEOpAttr,
): AttributeValue {
  const list = Array.isArray(value);
  switch (type) {
    case binding.TF_ATTR_STRING:
      return { s: Buffer.from(value as string) };
    case binding.TF_ATTR_INT:
      return list ? { list: { i: value } } : { i: value as number };
    case binding.TF_ATTR_FLOAT:
      return list ? { list: { f: value } } : { f: value as number };
    case binding.TF_ATTR_BOOL:
      return list ? { list: { b: (value as unknown[]).map(Boolean) } } : { b: Boolean(value) };
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_SHAPE:
      return { shape: shapeValue(value as number[]) };
    default:
      throw new NotRecordable(`The attribute ${name} is of a kind (${type}) that graphs get no of`);
  }
}
