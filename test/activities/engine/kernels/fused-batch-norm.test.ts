import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { FUSED_BATCH_NORM } from "../../../../activities/engine/kernels/fused-batch-norm.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { farthest } from "./gradients.ts";

const EPSILON = 1e-3;

beforeAll(async () => {
  await useTensorFlow();
});

/** The textbook's batch norm, from operations that tfjs differentiates itself. */
function plain(x: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const { mean, variance } = tf.moments(x, axes);
  return x.sub(mean).div(variance.add(EPSILON).sqrt()).mul(g).add(b);
}

function fused(x: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(FUSED_BATCH_NORM, { x, g, b }, { epsilon: EPSILON });
}

function inputs(shape: number[]) {
  const channels = shape.at(-1)!;
  return [
    tf.randomNormal(shape, 3, 2, "float32", 1),
    tf.randomNormal([channels], 1, 0.5, "float32", 2),
    tf.randomNormal([channels], 0, 1, "float32", 3),
  ] as const;
}

test.each([[[4, 6, 5, 3]], [[2, 3, 4, 5, 2]]])(
  "fused batch norm of %j is the plain one",
  (shape) => {
    tf.tidy(() => {
      const [x, g, b] = inputs(shape);
      const [y, mean, variance] = fused(x, g, b);
      expect(farthest(y!, plain(x, g, b))).toBeLessThan(1e-4);
      const moments = tf.moments(x, shape.map((_, axis) => axis).slice(0, -1));
      const count = x.size / g.size;
      expect(farthest(mean!, moments.mean)).toBeLessThan(1e-4);
      expect(farthest(variance!, moments.variance.mul(count / (count - 1)))).toBeLessThan(1e-4);
    });
  },
);

test.each([[[4, 6, 5, 3]], [[2, 3, 4, 5, 2]]])("so are its three gradients for %j", (shape) => {
  tf.tidy(() => {
    const [x, g, b] = inputs(shape);
    const dy = tf.randomNormal(shape, 0, 1, "float32", 4);
    const expected = tf.grads(plain)([x, g, b], dy);
    const actual = tf.grads((...args: tf.Tensor[]) => fused(args[0]!, args[1]!, args[2]!)[0]!)(
      [x, g, b],
      dy,
    );
    expected.forEach((gradient, i) => expect(farthest(actual[i]!, gradient)).toBeLessThan(1e-4));
  });
});

test("running statistics move by the momentum, towards the batch's mean and unbiased variance", () => {
  tf.tidy(() => {
    // Two channels of four values: means 2.5 and 5, sums of squared distances 5 and 20.
    const x = tf.tensor4d([1, 2, 2, 4, 3, 6, 4, 8], [1, 2, 2, 2]);
    const [g, b] = [tf.ones([2]), tf.zeros([2])];
    const [mean, variance] = [tf.tensor1d([1, 0]), tf.tensor1d([1, 2])];
    const [, nextMean, nextVariance] = tf
      .engine()
      .runKernel<tf.Tensor[]>(
        FUSED_BATCH_NORM,
        { x, g, b, mean, variance },
        { epsilon: EPSILON, momentum: 0.1 },
      );
    const close = (found: tf.Tensor, expected: number[]) =>
      found.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    close(nextMean!, [0.9 * 1 + 0.1 * 2.5, 0.1 * 5]);
    close(nextVariance!, [0.9 * 1 + (0.1 * 5) / 3, 0.9 * 2 + (0.1 * 20) / 3]);
    close(mean, [1, 0]); // what went in is left alone
  });
});

test("fused batch norm leaves no tensor behind, in TensorFlow neither", () => {
  const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
  const step = () =>
    tf.tidy(() => {
      const [x, g, b] = inputs([2, 4, 4, 3]);
      tf.valueAndGrads((...args: tf.Tensor[]) =>
        fused(args[0]!, args[1]!, args[2]!)[0]!.square().sum().asScalar(),
      )([x, g, b]).value.dataSync();
    });
  step();
  const before = [tf.memory().numTensors, binding.getNumOfTensors()];
  for (let i = 0; i < 5; i++) step();
  expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
});

test("fused batch norm refuses other ranks and a missing epsilon", () => {
  tf.tidy(() => {
    const [x, g, b] = inputs([4, 3]);
    expect(() => fused(x, g, b)).toThrow("rank 2");
    const image = tf.zeros([1, 2, 2, 3]);
    expect(() => tf.engine().runKernel(FUSED_BATCH_NORM, { x: image, g, b })).toThrow("epsilon");
  });
});
