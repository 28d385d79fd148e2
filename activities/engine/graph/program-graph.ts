import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { attributeValue } from "./attributes.ts";
import { COMPOSITES } from "./composites.ts";
import { addVariables, type VariableAccess } from "./graph-variables.ts";
import { createGraphWriter } from "./graph-writer.ts";
import type { Recording, Source } from "./recording.ts";
import type { GraphNode } from "./saved-model-message.ts";

/** A recorded program as a graph, and by which names to feed and fetch. */
export interface ProgramGraph {
  readonly nodes: readonly GraphNode[];
  /** In the order of the recording's inputs. */
  readonly feeds: readonly string[];
  /** Fetching any of them runs the program, its assignments included. */
  readonly fetches: readonly string[];
  readonly access: VariableAccess;
}

/** Write a recording as a graph whose variables are the program's state. */
export function programGraph(recording: Recording, binding: TFJSBinding): ProgramGraph {
  const writer = createGraphWriter(binding);
  const { variables, access } = addVariables(writer, recording.state);
  const feeds = new Map(
    [...recording.inputs].map(
      ([name, array], i) => [name, writer.placeholder(`input_${i}`, array)] as const,
    ),
  );
  /** Per operation, the names of its outputs. */
  const outputs: ((output: number) => string)[] = [];
  const nameOf = (source: Source): string => {
    switch (source.kind) {
      case "input":
        return feeds.get(source.name)!;
      case "state":
        return variables.read(source.name);
      case "constant":
        return writer.constant(recording.constants[source.index]!);
      case "operation":
        return outputs[source.index]!(source.output);
    }
  };
  // All reads come first: what changes a variable waits for its read, which so must be known.
  plainlyRead(recording).forEach((name) => variables.read(name));
  const nexts = new Map(
    [...recording.after].flatMap(([name, source]) =>
      source.kind === "operation" ? [[`${source.index}:${source.output}`, name] as const] : [],
    ),
  );
  const set = new Map<string, string>(); // variables that a composite set, and by which node
  recording.operations.forEach(({ op, attributes, inputs }, index) => {
    const attr = Object.fromEntries(
      attributes.map((attribute) => [attribute.name, attributeValue(binding, attribute)]),
    );
    const composite = COMPOSITES[op];
    if (composite === undefined) {
      const node = writer.add(op, inputs.map(nameOf), attr);
      outputs.push((output) => `${node}:${output}`);
    } else {
      outputs.push(
        composite(attr, {
          writer,
          variables,
          inputs,
          nameOf,
          becomes: (output) => nexts.get(`${index}:${output}`),
          setBy: (by, variable) => set.set(variable, by),
        }),
      );
    }
  });
  const fetched = recording.results.map(({ source }) => nameOf(source));
  const moves = [...recording.after].filter(
    ([name, source]) => source.kind !== "state" || source.name !== name,
  );
  const assigned = moves.map(
    ([name, source]) => set.get(name) ?? variables.assign(name, nameOf(source)),
  );
  const fetches = fetched.map((output, i) => {
    const attributes = { T: { type: recording.results[i]!.dtype } };
    const options = { name: `result_${i}`, after: assigned };
    return `${writer.add("Identity", [output], attributes, options)}:0`;
  });
  return { nodes: writer.nodes, feeds: [...feeds.values()], fetches, access };
}

/** The variables whose values are wanted as such, not only to be changed by a composite. */
function plainlyRead({ operations, after, results }: Recording): ReadonlySet<string> {
  const sources = [
    ...operations.filter(({ op }) => COMPOSITES[op] === undefined).flatMap(({ inputs }) => inputs),
    ...[...after].flatMap(([name, source]) =>
      source.kind === "state" && source.name !== name ? [source] : [],
    ),
    ...results.map(({ source }) => source),
  ];
  return new Set(sources.flatMap((source) => (source.kind === "state" ? [source.name] : [])));
}
