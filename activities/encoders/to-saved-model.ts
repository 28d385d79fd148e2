import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { exportParameters } from "../../domain/networks/parameters.ts";
import type { NamedArrays } from "../../domain/networks/parameters.ts";
import { attributeValue, shapeValue } from "../engine/graph/attributes.ts";
import { createGraphWriter } from "../engine/graph/graph-writer.ts";
import { openBackend } from "../engine/graph/open-backend.ts";
import type { Recording, Source } from "../engine/graph/recording.ts";
import { encodeSavedModel } from "../engine/graph/saved-model-message.ts";
import type { GraphNode, TensorInfo } from "../engine/graph/saved-model-message.ts";
import { toJson } from "../stage/manifests.ts";
import { INPUT, OUTPUTS } from "./exportable-encoder.ts";
import type { ExportableEncoder } from "./exportable-encoder.ts";
import { recordEncoder } from "./record-encoder.ts";

/**
 * An encoder as a SavedModel of TensorFlow, by the names of its files: signature `serving_default`
 * from `images` `[n, size, size, 1]` to `embedding` `[n, d]` and `features` `[n, h, w, d]`, float32,
 * for any n. The weights are constants of the graph. `assets.extra/microtome.json`, where
 * TensorFlow lets others put what is theirs, holds the encoder's metadata.
 *
 * Needs TensorFlow to compute (`loadTensorFlow`). Throws `NotRecordable` when the encoder cannot be
 * a graph.
 */
export function toSavedModel(exported: ExportableEncoder): ReadonlyMap<string, Uint8Array> {
  const { binding } = openBackend();
  const recording = recordEncoder(exported);
  const nodes = writeNodes(recording, exportParameters(exported.parameters), binding);
  const [input] = recording.inputs.values();
  const signature = {
    inputs: { [INPUT]: info(INPUT, input!.dtype, input!.shape) },
    outputs: Object.fromEntries(
      recording.results.map(({ dtype, shape }, i) => {
        const name = OUTPUTS[i]!;
        return [name, info(name, dtype, shape)];
      }),
    ),
  };
  return new Map([
    ["saved_model.pb", encodeSavedModel(nodes, binding.TF_Version, signature)],
    ["assets.extra/microtome.json", toJson(exported.metadata)],
  ]);
}

/** A tensor whose first side is of any length. */
function info(node: string, dtype: number, [, ...sides]: readonly number[]): TensorInfo {
  return { name: `${node}:0`, dtype, tensorShape: shapeValue([-1, ...sides]) };
}

/** The recording with its state as constants, for any number of images. */
function writeNodes(
  recording: Recording,
  weights: NamedArrays,
  binding: TFJSBinding,
): readonly GraphNode[] {
  const writer = createGraphWriter(binding);
  const [input] = recording.inputs.values();
  const [, ...sides] = input!.shape;
  const images = writer.placeholder(INPUT, { dtype: input!.dtype, shape: [-1, ...sides] });
  const nodes: string[] = [];
  const nameOf = (source: Source): string => {
    switch (source.kind) {
      case "input":
        return images;
      case "state":
        return writer.constant({ dtype: binding.TF_FLOAT, ...weights.get(source.name)! });
      case "constant":
        return writer.constant(recording.constants[source.index]!);
      case "operation":
        return `${nodes[source.index]!}:${source.output}`;
    }
  };
  for (const { op, attributes, inputs } of recording.operations) {
    const attr = Object.fromEntries(
      attributes.map((attribute) => [attribute.name, attributeValue(binding, attribute)]),
    );
    nodes.push(writer.add(op, inputs.map(nameOf), attr));
  }
  recording.results.forEach(({ source, dtype }, i) =>
    writer.add("Identity", [nameOf(source)], { T: { type: dtype } }, { name: OUTPUTS[i]! }),
  );
  return writer.nodes;
}
