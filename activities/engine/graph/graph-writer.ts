import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { type AttributeValue, shapeValue } from "./attributes.ts";
import type { Constant, Described } from "./recording.ts";
import type { GraphNode } from "./saved-model-message.ts";

/** Collects the nodes of a graph, under names that it gives. An output's name is `node:0`. */
export interface GraphWriter {
  readonly nodes: readonly GraphNode[];
  /**
   * Another node.
   *
   * @param after - nodes that must have run before, by name
   * @returns its name
   */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    options?: { readonly name?: string; readonly after?: readonly string[] },
  ): string;
  /** The output of a constant; the same constant twice is one node. */
  constant(constant: Constant): string;
  /** The output of a constant scalar. */
  scalar(value: number): string;
  /** The output of a node that is fed from outside, under this name. */
  placeholder(name: string, described: Described): string;
}

/** Constants up to this size are looked for among those that are there. */
const SMALL_BYTES = 4096;

export function createGraphWriter(binding: TFJSBinding): GraphWriter {
  const nodes: GraphNode[] = [];
  const constants = new Map<string, string>();
  const writer: GraphWriter = {
    nodes,
    add(op, inputs, attr, { name, after = [] } = {}) {
      const node = { name: name ?? `${op}_${nodes.length}`.replace(/^_/, "x_"), op, attr };
      nodes.push({ ...node, input: [...inputs, ...after.map((other) => `^${other}`)] });
      return node.name;
    },
    constant({ dtype, shape, values }) {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      const small = bytes.length <= SMALL_BYTES;
      const key = small ? `${dtype};${shape.join()};${bytes.toString("base64")}` : "";
      const known = constants.get(key);
      if (small && known !== undefined) return known;
      const tensor = { dtype, tensorShape: shapeValue(shape), tensorContent: bytes };
      const output = `${writer.add("Const", [], { dtype: { type: dtype }, value: { tensor } })}:0`;
      if (small) constants.set(key, output);
      return output;
    },
    scalar: (value) =>
      writer.constant({ dtype: binding.TF_FLOAT, shape: [], values: Float32Array.of(value) }),
    placeholder: (name, { dtype, shape }) =>
      `${writer.add(
        "Placeholder",
        [],
        { dtype: { type: dtype }, shape: { shape: shapeValue(shape) } },
        { name },
      )}:0`,
  };
  return writer;
}
