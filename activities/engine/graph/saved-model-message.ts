import protobuf from "protobufjs";
import type { AttributeValue, ShapeValue } from "./attributes.ts";

/** A node of a graph: TensorFlow's message NodeDef. Inputs are `name:output`, or `^name` to wait. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeValue>>;
}

/** What a graph is for whoever did not write it: TensorFlow's message SignatureDef. */
export interface Signature {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

/** An output of a node, by its name; a side of any length is -1. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: number;
  readonly tensorShape: ShapeValue;
}

/** The tag by which a graph is found in its SavedModel. */
export const TAG = "serve";

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });

/**
 * The fields that we write of TensorFlow's messages.
 *
 * @see tensorflow/core/protobuf/saved_model.proto, meta_graph.proto and framework/*.proto
 */
const MESSAGES = protobuf.Root.fromJSON({
  nested: {
    SavedModel: {
      fields: {
        savedModelSchemaVersion: field("int64", 1),
        metaGraphs: repeated("MetaGraphDef", 2),
      },
    },
    MetaGraphDef: {
      fields: {
        metaInfoDef: field("MetaInfoDef", 1),
        graphDef: field("GraphDef", 2),
        signatureDef: { keyType: "string", type: "SignatureDef", id: 5 },
      },
    },
    SignatureDef: {
      fields: {
        inputs: { keyType: "string", type: "TensorInfo", id: 1 },
        outputs: { keyType: "string", type: "TensorInfo", id: 2 },
        methodName: field("string", 3),
      },
    },
    TensorInfo: {
      fields: {
        name: field("string", 1),
        dtype: field("int32", 2), // an enum there
        tensorShape: field("TensorShapeProto", 3),
      },
    },
    MetaInfoDef: { fields: { tags: repeated("string", 4), tensorflowVersion: field("string", 5) } },
    GraphDef: { fields: { node: repeated("NodeDef", 1), versions: field("VersionDef", 4) } },
    VersionDef: { fields: { producer: field("int32", 1) } },
    NodeDef: {
      fields: {
        name: field("string", 1),
        op: field("string", 2),
        input: repeated("string", 3),
        attr: { keyType: "string", type: "AttrValue", id: 5 },
      },
    },
    AttrValue: {
      oneofs: { value: { oneof: ["list", "s", "i", "f", "b", "type", "shape", "tensor"] } },
      fields: {
        list: field("ListValue", 1),
        s: field("bytes", 2),
        i: field("int64", 3),
        f: field("float", 4),
        b: field("bool", 5),
        type: field("int32", 6), // an enum there: the same on the wire
        shape: field("TensorShapeProto", 7),
        tensor: field("TensorProto", 8),
      },
    },
    ListValue: {
      fields: { i: repeated("int64", 3), f: repeated("float", 4), b: repeated("bool", 5) },
    },
    TensorShapeProto: { fields: { dim: repeated("Dim", 2) } },
    Dim: { fields: { size: field("int64", 1) } },
    TensorProto: {
      fields: {
        dtype: field("int32", 1), // an enum there
        tensorShape: field("TensorShapeProto", 2),
        tensorContent: field("bytes", 4),
      },
    },
  },
} as unknown as protobuf.INamespace);

/** Older than this, graphs are read by older rules; TensorFlow 2.9 wrote it. */
const PRODUCER = 1087;

/** What programs call that ask for no signature by name. */
const SERVING = { key: "serving_default", method: "tensorflow/serving/predict" };

/** The bytes of a `saved_model.pb` with one graph, without variables on the disk. */
export function encodeSavedModel(
  nodes: readonly GraphNode[],
  version: string,
  signature?: Signature,
): Uint8Array {
  const type = MESSAGES.lookupType("SavedModel");
  return type
    .encode(
      type.create({
        savedModelSchemaVersion: 1,
        metaGraphs: [
          {
            metaInfoDef: { tags: [TAG], tensorflowVersion: version },
            graphDef: { node: nodes, versions: { producer: PRODUCER } },
            ...(signature && {
              signatureDef: { [SERVING.key]: { ...signature, methodName: SERVING.method } },
            }),
          },
        ],
      }),
    )
    .finish();
}
