import { shapeValue } from "./attributes.ts";
import type { GraphWriter } from "./graph-writer.ts";
import type { Described } from "./recording.ts";

/** Variables inside a graph: they keep their values between its runs, outside of JavaScript. */
export interface GraphVariables {
  /** The output that has a variable's value at the beginning of a run. */
  read(name: string): string;
  /** Set it in this run, after it was read. @returns the node, to wait for */
  assign(name: string, value: string): string;
  /** What hands the variable to operations that change it. */
  handle(name: string): string;
  /** Its read, if there is one: whatever changes the variable waits for it. */
  reads(names: readonly string[]): readonly string[];
  described(name: string): Described;
}

/** What is fed and fetched to set all variables, in their order, and to read them all. */
export interface VariableAccess {
  readonly feeds: readonly string[];
  readonly pushed: string;
  readonly pulls: readonly string[];
}

/** Declare variables in a graph, with nodes beside to set and to read them. */
export function addVariables(
  writer: GraphWriter,
  variables: ReadonlyMap<string, Described>,
): { readonly variables: GraphVariables; readonly access: VariableAccess } {
  const handles = new Map<string, string>();
  const reads = new Map<string, string>();
  let number = 0;
  for (const [name, { dtype, shape }] of variables) {
    const node = `variable_${number++}`;
    const attributes = {
      dtype: { type: dtype },
      shape: { shape: shapeValue(shape) },
      shared_name: { s: Buffer.from(node) },
    };
    writer.add("VarHandleOp", [], attributes, { name: node });
    handles.set(name, `${node}:0`);
  }
  const described = (name: string) => variables.get(name)!;
  const type = (name: string) => ({ dtype: { type: described(name).dtype } });
  const handle = (name: string) => handles.get(name)!;
  const access = [...variables].map(([name, array], i) => {
    const value = writer.placeholder(`push_${i}`, array);
    const assigned = writer.add("AssignVariableOp", [handle(name), value], type(name));
    const pull = writer.add("ReadVariableOp", [handle(name)], type(name), { name: `pull_${i}` });
    return { feed: value, assigned, pull: `${pull}:0` };
  });
  const pushed = writer.add(
    "Identity",
    [writer.scalar(0)],
    { T: { type: TF_FLOAT } },
    { name: "pushed", after: access.map(({ assigned }) => assigned) },
  );
  return {
    variables: {
      described,
      handle,
      reads: (names) => names.flatMap((name) => reads.get(name) ?? []),
      read(name) {
        const node = reads.get(name) ?? writer.add("ReadVariableOp", [handle(name)], type(name));
        reads.set(name, node);
        return `${node}:0`;
      },
      assign: (name, value) =>
        writer.add("AssignVariableOp", [handle(name), value], type(name), {
          after: [...(reads.has(name) ? [reads.get(name)!] : [])],
        }),
    },
    access: {
      feeds: access.map(({ feed }) => feed),
      pushed: `${pushed}:0`,
      pulls: access.map(({ pull }) => pull),
    },
  };
}

/** TensorFlow's number of the type. */
const TF_FLOAT = 1;
