import protobuf from "protobufjs";

/** ONNX' message AttributeProto, of which one value is set. */
export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

/** NodeProto: an operation from named values to named values. */
export interface OnnxNode {
  readonly opType: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

/** TensorProto, of float32 or int64 as their little-endian bytes. */
export interface OnnxTensor {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly rawData: Uint8Array;
}

/** ValueInfoProto of a tensor of float32; a side that is not a number is a name, for any length. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly description: string;
}

/** A graph and what is said about it. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly description: string;
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** TensorProto.DataType */
export const FLOAT = 1;
export const INT64 = 7;

/** Operators as of ONNX 1.12 (2022): what every runtime of today knows. */
const OPSET = 17;
const IR_VERSION = 8;

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });

/**
 * The fields that we write of ONNX' messages; its enums are int32, which are the same on the wire.
 *
 * @see onnx/onnx.proto
 */
const MESSAGES = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field("int64", 1),
        producerName: field("string", 2),
        docString: field("string", 6),
        graph: field("GraphProto", 7),
        opsetImport: repeated("OperatorSetIdProto", 8),
        metadataProps: repeated("StringStringEntryProto", 14),
      },
    },
    OperatorSetIdProto: { fields: { domain: field("string", 1), version: field("int64", 2) } },
    StringStringEntryProto: { fields: { key: field("string", 1), value: field("string", 2) } },
    GraphProto: {
      fields: {
        node: repeated("NodeProto", 1),
        name: field("string", 2),
        initializer: repeated("TensorProto", 5),
        input: repeated("ValueInfoProto", 11),
        output: repeated("ValueInfoProto", 12),
      },
    },
    NodeProto: {
      fields: {
        input: repeated("string", 1),
        output: repeated("string", 2),
        name: field("string", 3),
        opType: field("string", 4),
        attribute: repeated("AttributeProto", 5),
      },
    },
    AttributeProto: {
      fields: {
        name: field("string", 1),
        f: field("float", 2),
        i: field("int64", 3),
        s: field("bytes", 4),
        ints: repeated("int64", 8),
        type: field("int32", 20),
      },
    },
    TensorProto: {
      fields: {
        dims: repeated("int64", 1),
        dataType: field("int32", 2),
        name: field("string", 8),
        rawData: field("bytes", 9),
      },
    },
    ValueInfoProto: {
      fields: {
        name: field("string", 1),
        type: field("TypeProto", 2),
        docString: field("string", 3),
      },
    },
    TypeProto: { fields: { tensorType: field("Tensor", 1) } },
    Tensor: { fields: { elemType: field("int32", 1), shape: field("TensorShapeProto", 2) } },
    TensorShapeProto: { fields: { dim: repeated("Dimension", 1) } },
    Dimension: {
      oneofs: { value: { oneof: ["dimValue", "dimParam"] } },
      fields: { dimValue: field("int64", 1), dimParam: field("string", 2) },
    },
  },
});

/** The bytes of an `.onnx` file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const type = MESSAGES.lookupType("ModelProto");
  return type
    .encode(
      type.create({
        irVersion: IR_VERSION,
        producerName: "microtome",
        docString: model.description,
        opsetImport: [{ domain: "", version: OPSET }],
        metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
        graph: {
          name: "encoder",
          node: model.nodes,
          initializer: model.weights,
          input: model.inputs.map(valueInfo),
          output: model.outputs.map(valueInfo),
        },
      }),
    )
    .finish();
}

function valueInfo({ name, shape, description }: OnnxValue) {
  const dim = shape.map((side) =>
    typeof side === "number" ? { dimValue: side } : { dimParam: side },
  );
  return {
    name,
    docString: description,
    type: { tensorType: { elemType: FLOAT, shape: { dim } } },
  };
}
