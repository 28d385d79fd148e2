import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { compileProgram } from "../../../../activities/engine/graph/compile-program.ts";
import { NotRecordable } from "../../../../activities/engine/graph/not-recordable.ts";
import { type Program, record } from "../../../../activities/engine/graph/record.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";

beforeAll(async () => {
  await useTensorFlow();
});

const made: tf.Variable[] = [];
afterEach(() => made.splice(0).forEach((variable) => variable.dispose()));

function variable(...values: number[]): tf.Variable {
  const start = tf.tensor1d(values);
  const result = tf.variable(start, false);
  start.dispose();
  made.push(result);
  return result;
}

const numbers = (...values: number[]) => ({
  shape: [values.length],
  values: Float32Array.from(values),
});

function compileWith(
  run: Program["run"],
  state: Program["state"] = new Map(),
  inputs = { x: numbers(1, 2, 3) },
) {
  return compileProgram({ state, run }, inputs);
}

describe("a recording", () => {
  test("has the operations, in order, with where their inputs come from", () => {
    const w = variable(1, 1);
    const x = tf.tensor1d([3, 4]);
    const state = new Map([["w", w]]);
    const recording = record(
      {
        state,
        run(inputs) {
          const y = inputs["x"]!.mul(w).clone().square();
          w.assign(w.add(y));
          return [y.sum()];
        },
      },
      { x },
    );
    expect(recording.operations.map(({ op }) => op)).toEqual(["Mul", "Square", "Add", "Sum"]);
    expect(recording.operations[0]!.inputs).toEqual([
      { kind: "input", name: "x" },
      { kind: "state", name: "w" },
    ]);
    expect(recording.after.get("w")).toEqual({ kind: "operation", index: 2, output: 0 });
    expect(recording.results.map(({ source }) => source)).toEqual([
      { kind: "operation", index: 3, output: 0 },
    ]);
    expect([...w.dataSync()]).toEqual([1, 1]); // undone
    x.dispose();
  });

  test("is over when the program throws, and the state is what it was", () => {
    const w = variable(1);
    const program = {
      state: new Map([["w", w]]),
      run() {
        w.assign(w.add(1));
        throw new Error("on purpose");
      },
    };
    const before = tf.memory().numTensors;
    expect(() => record(program, {})).toThrow("on purpose");
    expect([...w.dataSync()]).toEqual([1]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a compiled program", () => {
  test("swaps, shares and repeats: variables are read before any is set", () => {
    const [a, b, c] = [variable(1, 2), variable(3, 4), variable(5, 6)];
    const state = new Map([
      ["a", a],
      ["b", b],
      ["c", c],
    ]);
    const compiled = compileWith(
      () => {
        const old = a.clone();
        a.assign(b.clone());
        b.assign(old);
        c.assign(a.add(c));
        return [a.sum(), b.sum(), c.sum()];
      },
      state,
      {} as { x: ReturnType<typeof numbers> },
    );
    const sums = (tensors: tf.Tensor[]) => tensors.map((tensor) => tensor.dataSync()[0]);
    expect(sums(compiled.run({}))).toEqual([7, 3, 18]);
    expect(sums(compiled.run({}))).toEqual([3, 7, 21]);
    compiled.pull();
    expect([a, b, c].map((v) => [...v.dataSync()])).toEqual([
      [1, 2],
      [3, 4],
      [9, 12],
    ]);
    compiled.dispose();
  });

  test("keeps variables apart that were made of one tensor", () => {
    const start = tf.tensor1d([1]);
    const [a, b] = [tf.variable(start, false), tf.variable(start, false)];
    made.push(a, b);
    start.dispose();
    const compiled = compileWith(
      ({ x }) => {
        a.assign(a.add(x!.sum()));
        return [a.sub(b)];
      },
      new Map([
        ["a", a],
        ["b", b],
      ]),
    );
    expect([...compiled.run({ x: numbers(1, 2, 3) })[0]!.dataSync()]).toEqual([6]);
    expect([...compiled.run({ x: numbers(1, 2, 3) })[0]!.dataSync()]).toEqual([12]);
    compiled.dispose();
  });

  test("takes integers, and gives several results", () => {
    const table = tf.tensor1d([10, 20, 30]);
    const compiled = compileProgram(
      { state: new Map(), run: ({ i }) => [tf.gather(table, i as tf.Tensor1D), i!.add(1)] },
      { i: { shape: [2], values: Int32Array.of(0, 2) } },
    );
    const results = compiled.run({ i: { shape: [2], values: Int32Array.of(1, 1) } });
    expect(results.map((result) => [...result.dataSync()])).toEqual([
      [20, 20],
      [2, 2],
    ]);
    compiled.dispose();
    table.dispose();
  });
});

describe("a program is refused, with the operation, that", () => {
  const refused = (run: Program["run"], state?: Program["state"]) => {
    let error: unknown;
    try {
      compileWith(run, state).dispose();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NotRecordable);
    return expect((error as Error).message);
  };

  test("reads a value back", () => {
    refused(({ x }) => [x!.mul(x!.sum().dataSync()[0]!)]).toContain("reads a value back after Sum");
    refused(({ x }) => [x!.mul(x!.dataSync()[0]!)]).toContain("at its beginning");
  });

  test("makes a constant of what it was given", () => {
    let calls = 0;
    refused(({ x }) => [x!.add(++calls)]).toMatch(
      /Add \(operation 1\) takes a constant \[\] as input 2/,
    );
  });

  test("draws random numbers", () => {
    refused(({ x }) => [x!.mul(tf.randomUniform([3]))]).toContain("should be an input");
  });

  test("does other operations on other data", () => {
    let calls = 0;
    refused(({ x }) => [calls++ === 0 ? x!.square() : x!.abs()]).toContain("is Abs on other data");
    refused(({ x }) => [calls++ % 2 === 0 ? x!.square() : x!.square().neg()]).toContain(
      "operations",
    );
  });

  test("reads a variable that is not in its state", () => {
    const hidden = variable(1, 2, 3);
    refused(({ x }) => [x!.add(hidden)]).toContain(`${hidden.name} [3], which is not in its state`);
  });
});
