import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { FUSED_ADAM } from "../../../../activities/engine/kernels/fused-adam.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { seeded } from "../../../support/tensors.ts";

const [BETA1, BETA2, EPSILON, RATE] = [0.9, 0.999, 1e-3, 0.05];

beforeAll(async () => {
  await useTensorFlow();
});

interface Adam {
  readonly parameter: tf.Variable;
  readonly m: tf.Variable;
  readonly v: tf.Variable;
}

function begin(values: readonly number[]): Adam {
  const make = (of: readonly number[]) => tf.tidy(() => tf.variable(tf.tensor1d([...of]), false));
  const zeros = values.map(() => 0);
  return { parameter: make(values), m: make(zeros), v: make(zeros) };
}

function step({ parameter, m, v }: Adam, gradient: ArrayLike<number>, t: number): void {
  tf.tidy(() => {
    const [p, nextM, nextV] = tf.engine().runKernel<tf.Tensor[]>(
      FUSED_ADAM,
      {
        parameter,
        m,
        v,
        gradient: tf.tensor1d([...Array.from(gradient)]),
        rate: tf.scalar(RATE),
        beta1Power: tf.scalar(BETA1 ** t),
        beta2Power: tf.scalar(BETA2 ** t),
      },
      { beta1: BETA1, beta2: BETA2, epsilon: EPSILON },
    );
    parameter.assign(p!);
    m.assign(nextM!);
    v.assign(nextV!);
  });
}

/** Algorithm 1 of Kingma and Ba, in doubles; a decay of the parameter between two steps. */
function kingma(
  start: readonly number[],
  gradients: readonly ArrayLike<number>[],
  decay?: { readonly after: number; readonly by: number },
) {
  const [m, v] = [start.map(() => 0), start.map(() => 0)];
  const parameter = [...start];
  gradients.forEach((gradient, k) => {
    start.forEach((_, i) => {
      if (k === decay?.after) parameter[i]! *= decay.by;
      const g = gradient[i]!;
      m[i] = BETA1 * m[i]! + (1 - BETA1) * g;
      v[i] = BETA2 * v[i]! + (1 - BETA2) * g * g;
      const [mean, square] = [m[i] / (1 - BETA1 ** (k + 1)), v[i] / (1 - BETA2 ** (k + 1))];
      parameter[i]! -= (RATE * mean) / (Math.sqrt(square) + EPSILON);
    });
  });
  return { parameter, m, v };
}

const START = [1, -2, 0.5];
const GRADIENTS = Array.from({ length: 8 }, (_, k) =>
  tf.tidy(() =>
    seeded([3], k)
      .mul(k % 2 === 0 ? 1 : 1e-3)
      .dataSync(),
  ),
);

/** To what 1 − β₂ is off by in single precision, 1.3e-5; in the parameter it cancels. */
function expectState(adam: Adam, expected: ReturnType<typeof kingma>) {
  for (const name of ["parameter", "m", "v"] as const) {
    adam[name]
      .dataSync()
      .forEach((value, i) =>
        expect(value / expected[name][i]!).toBeCloseTo(1, name === "v" ? 4 : 5),
      );
  }
}

function end(...adams: Adam[]) {
  adams.forEach((adam) => tf.dispose([adam.parameter, adam.m, adam.v]));
}

test("Adam moves as Kingma and Ba have it, the epsilon after the correction", () => {
  const adam = begin(START);
  GRADIENTS.forEach((gradient, k) => step(adam, gradient, k + 1));
  expectState(adam, kingma(START, GRADIENTS));
  end(adam);
});

test("whoever looks at the moments, or keeps a clone of them, sees what they were", () => {
  const adam = begin(START);
  const clones: tf.Tensor[] = [];
  GRADIENTS.forEach((gradient, k) => {
    if (k === 3 || k === 4 || k === 6) clones.push(adam.m.clone());
    if (k === 5) adam.v.dataSync();
    step(adam, gradient, k + 1);
  });
  expectState(adam, kingma(START, GRADIENTS));
  [3, 4, 6].forEach((steps, i) => {
    const { m } = kingma(START, GRADIENTS.slice(0, steps));
    clones[i]!.dataSync().forEach((value, j) => expect(value / m[j]!).toBeCloseTo(1, 5));
  });
  tf.dispose(clones);
  end(adam);
});

test("a parameter, or all three, may be set from outside between two steps", () => {
  const [adam, other] = [begin(START), begin(START)];
  const half = GRADIENTS.slice(0, 4);
  half.forEach((gradient, k) => step(adam, gradient, k + 1));
  half.forEach((gradient, k) => step(other, gradient, k + 1));
  // As a restored checkpoint sets them.
  tf.tidy(() => {
    for (const name of ["parameter", "m", "v"] as const) {
      other[name].assign(tf.tensor1d(Array.from(adam[name].dataSync())));
    }
  });
  GRADIENTS.slice(4).forEach((gradient, k) => step(other, gradient, k + 5));
  expectState(other, kingma(START, GRADIENTS));
  // As decoupled weight decay sets the parameter alone.
  tf.tidy(() => adam.parameter.assign(adam.parameter.mul(0.5)));
  GRADIENTS.slice(4).forEach((gradient, k) => step(adam, gradient, k + 5));
  expectState(adam, kingma(START, GRADIENTS, { after: 4, by: 0.5 }));
  end(adam, other);
});

test("steps leave no tensor, in TensorFlow neither", () => {
  const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
  const adam = begin(START);
  GRADIENTS.slice(0, 3).forEach((gradient, k) => step(adam, gradient, k + 1));
  const before = [tf.memory().numTensors, binding.getNumOfTensors()];
  GRADIENTS.slice(3).forEach((gradient, k) => step(adam, gradient, k + 4));
  expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
  end(adam);
});
