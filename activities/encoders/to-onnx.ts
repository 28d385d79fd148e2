import { UnsupportedFormat } from "../../domain/errors.ts";
import type { NamedArrays } from "../../domain/networks/parameters.ts";
import { exportParameters } from "../../domain/networks/parameters.ts";
import type { Recording, Source } from "../engine/graph/recording.ts";
import { INPUT, OUTPUTS } from "./exportable-encoder.ts";
import type { ExportableEncoder } from "./exportable-encoder.ts";
import { encodeOnnx } from "./onnx-message.ts";
import type { OnnxTensorRef, Operand } from "./onnx-operands.ts";
import { writeOperation } from "./onnx-operations.ts";
import { createOnnxWriter } from "./onnx-writer.ts";
import type { OnnxWriter } from "./onnx-writer.ts";
import { recordEncoder } from "./record-encoder.ts";

/**
 * An encoder as an `.onnx` file: from `images` `[n, size, size, 1]` to `embedding` `[n, d]` and
 * `features` `[n, h, w, d]`, float32, for any n; weights inside. Its `metadata_props` hold the
 * encoder's metadata, each as JSON.
 *
 * Needs TensorFlow to compute (`loadTensorFlow`). Throws `NotRecordable` or `UnsupportedFormat` when
 * the encoder does what ONNX is not written for.
 */
export function toOnnx(exported: ExportableEncoder): Uint8Array {
  const { encoder, size, metadata } = exported;
  const recording = recordEncoder(exported);
  const writer = createOnnxWriter();
  writeGraph(recording, exportParameters(exported.parameters), writer);
  const { kind, width } = encoder.config;
  const shapes = recording.results.map(({ shape: [, ...sides] }) => ["n", ...sides]);
  return encodeOnnx({
    nodes: writer.nodes,
    weights: writer.weights,
    inputs: [
      { name: INPUT, shape: ["n", size, size, 1], description: "[n, h, w, 1], see normalisation" },
    ],
    outputs: [
      { name: OUTPUTS[0], shape: shapes[0]!, description: "[n, d]" },
      { name: OUTPUTS[1], shape: shapes[1]!, description: "[n, h, w, d]" },
    ],
    description: `Microtome encoder: ${kind} of width ${width}`,
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  });
}

/** Write a recording whose one input is images, and whose results are named `OUTPUTS`. */
export function writeGraph(recording: Recording, weights: NamedArrays, writer: OnnxWriter): void {
  const [input] = recording.inputs.keys();
  const images: OnnxTensorRef = {
    kind: "tensor",
    name: writer.add("Transpose", [input!], { perm: [0, 3, 1, 2] }),
    rank: 4,
  };
  const written: OnnxTensorRef[] = [];
  const operand = (source: Source): Operand => {
    switch (source.kind) {
      case "input":
        return images;
      case "state":
        return { kind: "array", name: source.name, ...weights.get(source.name)! };
      case "constant": {
        const { shape, values } = recording.constants[source.index]!;
        return { kind: "array", name: `constant_${source.index}`, shape, values };
      }
      case "operation":
        if (source.output !== 0) {
          const { op } = recording.operations[source.index]!;
          throw new UnsupportedFormat(`TensorFlow's ${op} is written as ONNX with one output only`);
        }
        return written[source.index]!;
    }
  };
  for (const { op, attributes, inputs } of recording.operations) {
    const named = Object.fromEntries(attributes.map(({ name, value }) => [name, value as unknown]));
    written.push(writeOperation({ op, operands: inputs.map(operand), attributes: named, writer }));
  }
  recording.results.forEach(({ source }, i) => {
    const { name, rank } = operand(source) as OnnxTensorRef;
    if (rank === 4) writer.add("Transpose", [name], { perm: [0, 2, 3, 1] }, OUTPUTS[i]);
    else writer.add("Identity", [name], {}, OUTPUTS[i]);
  });
}
