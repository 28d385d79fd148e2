import * as tf from "@tensorflow/tfjs";
import type {
  TensorMetadata,
  TFEOpAttr,
  TFJSBinding,
} from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import type { Tensors } from "../../../domain/training/arrays.ts";
import { NotRecordable } from "./not-recordable.ts";
import { openBackend } from "./open-backend.ts";
import type { Constant, Described, Operation, Recording, Source } from "./recording.ts";
import type { RecordingBinding } from "./recording-binding.ts";

/** What can be recorded: a function of tensors that reads and assigns variables of its state. */
export interface Program {
  readonly state: ReadonlyMap<string, tf.Variable>;
  run(inputs: Tensors): readonly tf.Tensor[];
}

/**
 * Run a program once, taking down every operation that TensorFlow is asked for. What the program
 * assigned to its state is undone; it leaves no tensor.
 *
 * Works below tfjs, on the binding: there tensors are numbers, so that what tfjs shares between
 * tensors (clones, assigned variables) is one number, and what it computes with other operations
 * than it is asked for is taken down as it is computed.
 *
 * Throws `NotRecordable`, naming the last operation, when the program reads a value back, or reads
 * a variable that is not in its state.
 */
export function record(program: Program, inputs: Tensors): Recording {
  const backend = openBackend();
  const { binding } = backend;
  const sources = new Map<number, Source>();
  const described = new Map<number, Described>();
  const operations: Operation[] = [];
  const constants: Constant[] = [];
  const strangers = variablesOutside(program.state);

  const where = () => {
    const last = operations.at(-1);
    return last === undefined ? "at its beginning" : `after ${last.op}`;
  };
  const sourceOf = (id: number): Source => {
    const known = sources.get(id);
    if (known !== undefined) return known;
    const array = described.get(id);
    if (array === undefined) throw new NotRecordable(`A tensor of unknown origin ${where()}`);
    const { TF_FLOAT, TF_INT32, TF_BOOL } = binding;
    if (![TF_FLOAT, TF_INT32, TF_BOOL].includes(array.dtype)) {
      throw new NotRecordable(`A constant of TensorFlow's type ${array.dtype} ${where()}`);
    }
    const source: Source = { kind: "constant", index: constants.length };
    constants.push({ ...array, values: binding.tensorDataSync(id) });
    sources.set(id, source);
    return source;
  };
  const takeDown = (
    op: string,
    attributes: readonly TFEOpAttr[],
    ids: readonly number[],
    execute: () => TensorMetadata[],
  ) => {
    const operation: Operation = { op, attributes, inputs: ids.map(sourceOf) };
    const outputs = execute();
    const index = operations.push(operation) - 1;
    outputs.forEach(({ id, dtype, shape }, output) => {
      sources.set(id, { kind: "operation", index, output });
      described.set(id, { dtype, shape });
    });
    return outputs;
  };
  const recording = derive(binding, {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      described.set(id, { dtype, shape: [...shape] });
      return id;
    },
    executeOp(op, attributes, ids, count) {
      const execute = () => binding.executeOp(op, attributes, ids, count);
      return takeDown(op, [...attributes], [...ids], execute);
    },
    plain: binding,
    composite: takeDown,
    tensorDataSync() {
      throw new NotRecordable(`The program reads a value back ${where()}`);
    },
  });

  const idOf = (tensor: tf.TensorInfo): number => backend.getInputTensorIds([tensor])[0]!;
  const describe = (tensor: tf.TensorInfo): Described => ({
    dtype: dtypeOf(binding, tensor.dtype),
    shape: [...tensor.shape],
  });
  const begin = (kind: "input" | "state", tensors: Iterable<readonly [string, tf.Tensor]>) => {
    for (const [name, tensor] of tensors) {
      sources.set(idOf(tensor), { kind, name });
    }
  };
  const before = [...program.state].map(([name, variable]) => [name, tf.clone(variable)] as const);
  const original = backend.getInputTensorIds;
  try {
    for (const variable of shared(program.state.values())) {
      variable.assign(
        tf.tidy(() => tf.tensor(variable.dataSync(), variable.shape, variable.dtype)),
      );
    }
    begin("state", program.state);
    begin("input", Object.entries(inputs));
    backend.getInputTensorIds = (tensors) => {
      refuseStrangers(tensors, strangers, where);
      const ids = original.call(backend, tensors);
      ids.forEach((id, i) => {
        if (!sources.has(id)) described.set(id, describe(tensors[i]!));
      });
      return ids;
    };
    backend.binding = recording;
    let recorded: Recording;
    tf.tidy(() => {
      const results = program
        .run(inputs)
        .map((tensor) => ({ ...describe(tensor), source: sourceOf(idOf(tensor)) }));
      const after = [...program.state].map(
        ([name, variable]) => [name, sourceOf(idOf(variable))] as const,
      );
      recorded = {
        operations,
        constants,
        inputs: new Map(Object.entries(inputs).map(([name, of]) => [name, describe(of)])),
        state: new Map([...program.state].map(([name, of]) => [name, describe(of)])),
        after: new Map(after),
        results,
      };
    });
    return recorded!;
  } finally {
    backend.binding = binding;
    backend.getInputTensorIds = original;
    for (const [name, value] of before) {
      program.state.get(name)!.assign(value);
      value.dispose();
    }
  }
}

/** The binding with some functions of ours; its own are not writable, so not by assignment. */
function derive(
  binding: TFJSBinding,
  changes: Pick<
    RecordingBinding,
    "plain" | "createTensor" | "executeOp" | "composite" | "tensorDataSync"
  >,
): RecordingBinding {
  const properties = Object.entries(changes).map(([name, value]) => [name, { value }] as const);
  return Object.create(binding, Object.fromEntries(properties)) as RecordingBinding;
}

/** Variables whose data another one before them holds, too: by their data they are one. */
function shared(variables: Iterable<tf.Variable>): tf.Variable[] {
  const seen = new Set<object>();
  return [...variables].filter(({ dataId }) => seen.size === seen.add(dataId).size);
}

/** Variables that exist but that the program does not own up to, by their data. */
function variablesOutside(state: Program["state"]): ReadonlyMap<object, string> {
  const inside = new Set<tf.Variable>(state.values());
  const all = Object.values(tf.engine().state.registeredVariables);
  return new Map(
    all.filter((variable) => !inside.has(variable)).map(({ dataId, name }) => [dataId, name]),
  );
}

function refuseStrangers(
  tensors: readonly tf.TensorInfo[],
  strangers: ReadonlyMap<object, string>,
  where: () => string,
): void {
  for (const { dataId, shape } of tensors) {
    const name = strangers.get(dataId);
    if (name === undefined) continue;
    throw new NotRecordable(
      `The program reads the variable ${name} [${shape}], which is not in its state, ${where()}`,
    );
  }
}

function dtypeOf(binding: TFJSBinding, dtype: tf.DataType): number {
  if (dtype === "float32") return binding.TF_FLOAT;
  if (dtype === "int32") return binding.TF_INT32;
  if (dtype === "bool") return binding.TF_BOOL;
  throw new NotRecordable(`A tensor of type ${dtype} cannot be in a graph`);
}
