import { FLOAT, INT64 } from "./onnx-message.ts";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "./onnx-message.ts";

/** A value of an attribute; a number with a fraction must say that it is one. */
export type AttributeLike = string | readonly number[] | number | { readonly float: number };

/** Collects the nodes and weights of an ONNX graph. */
export interface OnnxWriter {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  /** Another operation with one output. @returns the output's name, which is given where none is */
  add(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeLike>>,
    output?: string,
  ): string;
  /** An array of weights, once per name. @returns the name */
  floats(name: string, dims: readonly number[], values: Float32Array): string;
  /** Whole numbers that an operation takes as an input. @returns their name */
  integers(values: readonly number[]): string;
}

/** AttributeProto.AttributeType */
const KINDS = { float: 1, int: 2, string: 3, ints: 7 } as const;

export function createOnnxWriter(): OnnxWriter {
  const nodes: OnnxNode[] = [];
  const weights = new Map<string, OnnxTensor>();
  return {
    nodes,
    get weights() {
      return [...weights.values()];
    },
    add(op, input, attributes = {}, output = `${op}_${nodes.length}`) {
      const attribute = Object.entries(attributes).map(([name, value]) => toAttribute(name, value));
      nodes.push({ opType: op, name: output, input, output: [output], attribute });
      return output;
    },
    floats(name, dims, values) {
      weights.set(name, { name, dims, dataType: FLOAT, rawData: bytesOf(values) });
      return name;
    },
    integers(values) {
      const name = `integers_${values.join("_")}`;
      const rawData = bytesOf(BigInt64Array.from(values, BigInt));
      weights.set(name, { name, dims: [values.length], dataType: INT64, rawData });
      return name;
    },
  };
}

function toAttribute(name: string, value: AttributeLike): OnnxAttribute {
  if (typeof value === "string") {
    return { name, type: KINDS.string, s: new TextEncoder().encode(value) };
  }
  if (typeof value === "number") return { name, type: KINDS.int, i: value };
  if ("float" in value) return { name, type: KINDS.float, f: value.float };
  return { name, type: KINDS.ints, ints: value };
}

/** Little-endian, as every machine that TensorFlow runs on. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
