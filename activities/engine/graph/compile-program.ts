import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../../../domain/errors.ts";
import { type Arrays, type HostArray, toTensors } from "../../../domain/training/arrays.ts";
import { NotRecordable } from "./not-recordable.ts";
import { openBackend } from "./open-backend.ts";
import { perturb } from "./perturb.ts";
import { programGraph } from "./program-graph.ts";
import { type Program, record } from "./record.ts";
import { assertSameProgram } from "./same-program.ts";
import type { Recording } from "./recording.ts";
import { createSession } from "./session.ts";

/** A program inside TensorFlow, with its own copy of the state. */
export interface CompiledProgram {
  /** Run it; the caller disposes the results. */
  run(inputs: Arrays): tf.Tensor[];
  /** Copy the state out into the program's variables. */
  pull(): void;
  /** Copy the program's variables in. */
  push(): void;
  dispose(): void;
}

/**
 * Record a program on these inputs and make it a graph that runs in one call; runs it twice for
 * that, without lasting effect.
 *
 * Throws `NotRecordable` when it cannot be, naming the operation.
 *
 * @param rewrite - changes what was recorded before it becomes a graph
 */
export function compileProgram(
  program: Program,
  example: Arrays,
  rewrite: (recording: Recording) => Recording = (recording) => recording,
): CompiledProgram {
  const backend = openBackend();
  const { binding } = backend;
  const recording = recordOn(program, example);
  assertSameProgram(recording, recordOnOtherState(program, mapValues(example, perturb)));
  const graph = programGraph(rewrite(recording), binding);
  const session = openSession(binding, graph.nodes);
  const variables = [...program.state.values()];
  const names = Object.keys(example);

  const compiled: CompiledProgram = {
    run(inputs) {
      assertAsRecorded(example, inputs);
      const tensors = toTensors(inputs);
      try {
        const ids = backend.getInputTensorIds(names.map((name) => tensors[name]!));
        const results = session.run(
          graph.feeds.map((feed, i) => [feed, ids[i]!]),
          graph.fetches,
        );
        return results.map((metadata) => backend.createOutputTensor(metadata));
      } finally {
        tf.dispose(Object.values(tensors));
      }
    },
    pull() {
      const { pulls } = graph.access;
      if (pulls.length === 0) return;
      session.run([], pulls).forEach((metadata, i) => {
        const value = backend.createOutputTensor(metadata);
        variables[i]!.assign(value);
        value.dispose();
      });
    },
    push() {
      const { feeds, pushed } = graph.access;
      const ids = backend.getInputTensorIds(feeds.length === 0 ? [] : variables);
      const [done] = session.run(
        feeds.map((feed, i) => [feed, ids[i]!]),
        [pushed],
      );
      binding.deleteTensor(done!.id);
    },
    dispose: () => session.dispose(),
  };
  try {
    compiled.push();
  } catch (error) {
    session.dispose();
    throw error;
  }
  return compiled;
}

/** What TensorFlow refuses, or no disk takes, can still be run operation by operation. */
function openSession(...args: Parameters<typeof createSession>) {
  try {
    return createSession(...args);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NotRecordable(`The graph cannot be loaded: ${reason}`, { cause });
  }
}

function recordOn(program: Program, inputs: Arrays) {
  const tensors = toTensors(inputs);
  try {
    return record(program, tensors);
  } finally {
    tf.dispose(Object.values(tensors));
  }
}

function recordOnOtherState(program: Program, inputs: Arrays) {
  const before = [...program.state.values()].map(
    (variable) => [variable, tf.clone(variable)] as const,
  );
  try {
    for (const [variable] of before) {
      const values = variable.dataSync() as HostArray["values"];
      const other = perturb({ shape: variable.shape, values });
      tf.tidy(() => variable.assign(tf.tensor(other.values, variable.shape, variable.dtype)));
    }
    return recordOn(program, inputs);
  } finally {
    for (const [variable, value] of before) {
      variable.assign(value);
      value.dispose();
    }
  }
}

function mapValues(arrays: Arrays, change: (array: HostArray) => HostArray): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, change(array)]));
}

/** Throws `InvalidInput` unless names, shapes and types are those that were recorded. */
function assertAsRecorded(example: Arrays, inputs: Arrays): void {
  const [expected, found] = [Object.keys(example), Object.keys(inputs)];
  for (const name of new Set([...expected, ...found])) {
    const [wanted, got] = [example[name], inputs[name]];
    if (wanted === undefined) throw new InvalidInput(`The graph has no input ${name}`);
    if (got === undefined) throw new InvalidInput(`The graph needs its input ${name}`);
    const kind = ({ shape, values }: HostArray) =>
      `${values instanceof Int32Array ? "int32" : "float32"} [${shape.join()}]`;
    if (kind(wanted) !== kind(got)) {
      throw new InvalidInput(
        `The graph was made for ${name} of ${kind(wanted)}, got ${kind(got)}: compile it again`,
      );
    }
  }
}
