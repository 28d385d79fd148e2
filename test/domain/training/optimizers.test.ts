import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createOptimizer } from "../../../domain/training/create-optimizer.ts";
import type { OptimizerConfig } from "../../../domain/training/optimizer.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const START = [1, -2, 0.5, 3];
const GRADIENTS = [
  [0.3, -0.1, 0, 2],
  [30, 40, -1, 0.5],
  [-0.2, 0.5, 4, -3],
];
const RATE = 0.01;

/** Three steps of an optimizer on a matrix and on a vector, whose gradients are the same. */
function threeSteps(config: OptimizerConfig) {
  const matrix = tf.variable(tf.tensor2d(START, [2, 2]));
  const vector = tf.variable(tf.tensor1d(START));
  const parameters = new Map<string, tf.Variable>([
    ["matrix", matrix],
    ["vector", vector],
  ]);
  const optimizer = createOptimizer(parameters, config);
  GRADIENTS.forEach((g, t) => {
    tf.tidy(() => {
      const gradients = new Map<string, tf.Tensor>([
        ["matrix", tf.tensor2d(g, [2, 2])],
        ["vector", tf.tensor1d(g)],
      ]);
      const numbers = Object.fromEntries(
        Object.entries(optimizer.numbers(t + 1, RATE)).map(([k, v]) => [k, tf.scalar(v)]),
      );
      optimizer.apply(gradients, numbers);
    });
  });
  const result = { matrix: [...matrix.dataSync()], vector: [...vector.dataSync()] };
  optimizer.dispose();
  tf.dispose([matrix, vector]);
  return result;
}

function expectClose(found: readonly number[], wanted: readonly number[]) {
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
}

/** Algorithm 1 of the paper (2 of AdamW's), in doubles. */
function adam(decay: number, decoupled: boolean): number[] {
  const [p, m, v] = [[...START], [0, 0, 0, 0], [0, 0, 0, 0]];
  GRADIENTS.forEach((raw, t) => {
    raw.forEach((r, i) => {
      const g = decoupled ? r : r + decay * p[i]!;
      if (decoupled) p[i]! -= RATE * decay * p[i]!;
      m[i] = 0.9 * m[i]! + 0.1 * g;
      v[i] = 0.999 * v[i]! + 0.001 * g ** 2;
      const [mHat, vHat] = [m[i] / (1 - 0.9 ** (t + 1)), v[i] / (1 - 0.999 ** (t + 1))];
      p[i]! -= (RATE * mHat) / (Math.sqrt(vHat) + 1e-8);
    });
  });
  return p;
}

test("Adam is the paper's, and decays only arrays of more than one axis", () => {
  const plain = threeSteps({ kind: "adam" });
  expectClose(plain.matrix, adam(0, false));
  const decayed = threeSteps({ kind: "adam", weightDecay: 0.1 });
  expectClose(decayed.matrix, adam(0.1, false));
  expectClose(decayed.vector, adam(0, false));
});

test("AdamW decays beside the gradient", () => {
  const decayed = threeSteps({ kind: "adamw", weightDecay: 0.1 });
  expectClose(decayed.matrix, adam(0.1, true));
  expectClose(decayed.vector, adam(0, false));
});

test.each([false, true])("SGD is torch's, with Nesterov's momentum: %s", (nesterov) => {
  const [p, u] = [[...START], [0, 0, 0, 0]];
  for (const raw of GRADIENTS) {
    raw.forEach((r, i) => {
      const g = r + 0.1 * p[i]!;
      u[i] = 0.9 * u[i]! + g;
      p[i]! -= RATE * (nesterov ? g + 0.9 * u[i] : u[i]);
    });
  }
  const found = threeSteps({ kind: "sgd", momentum: 0.9, nesterov, weightDecay: 0.1 });
  expectClose(found.matrix, p);
});

test("LARS scales a matrix's step to its length, and leaves a vector's alone", () => {
  const [p, u] = [[...START], [0, 0, 0, 0]];
  for (const raw of GRADIENTS) {
    const g = raw.map((r, i) => r + 0.1 * p[i]!);
    const q = (0.001 * Math.hypot(...p)) / Math.hypot(...g);
    g.forEach((gi, i) => {
      u[i] = 0.9 * u[i]! + q * gi;
      p[i]! -= RATE * u[i];
    });
  }
  const found = threeSteps({ kind: "lars", weightDecay: 0.1 });
  expectClose(found.matrix, p);
  expectClose(found.vector, threeSteps({ kind: "sgd", momentum: 0.9 }).vector);
});

test.each(["adam", "adamw", "sgd", "lars"] as const)(
  "%s stands still, and stays finite, on a zero gradient, and leaves no tensor behind",
  (kind) => {
    const w = tf.variable(tf.zeros([2, 2]));
    const optimizer = createOptimizer(new Map([["w", w]]), { kind, weightDecay: 0.1 });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const numbers = Object.fromEntries(
        Object.entries(optimizer.numbers(1, RATE)).map(([k, v]) => [k, tf.scalar(v)]),
      );
      optimizer.apply(new Map([["w", tf.zeros([2, 2])]]), numbers);
    });
    expect([...w.dataSync()]).toEqual([0, 0, 0, 0]);
    expect(tf.memory().numTensors).toBe(before);
  },
);
