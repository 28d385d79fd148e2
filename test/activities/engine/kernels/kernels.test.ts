import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { HALF_SQUARE } from "../../../../activities/engine/kernels/half-square.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { seeded } from "../../../support/tensors.ts";
import { farthest } from "./gradients.ts";

beforeAll(async () => {
  await useTensorFlow();
});

test("the gradient of a ReLU passes where something came out, on other backends too", async () => {
  const gradient = () =>
    tf.tidy(() => {
      const x = tf.tensor1d([-2, -0.5, 0, 0.5, 2]);
      return [
        ...tf
          .grad((v: tf.Tensor) => v.relu())(x, tf.tensor1d([1, 2, 3, 4, 5]))
          .dataSync(),
      ];
    });
  expect(gradient()).toEqual([0, 0, 0, 4, 5]);
  await tf.setBackend("cpu");
  expect(gradient()).toEqual([0, 0, 0, 4, 5]);
  await tf.setBackend("tensorflow");
});

describe.each([
  { size: 8, window: 3, stride: 2, pad: "valid" },
  { size: 9, window: 3, stride: 2, pad: "same" },
  { size: 8, window: 2, stride: 2, pad: "valid" },
] as const)("max pooling, %j,", ({ size, window, stride, pad }) => {
  test("gives its gradient to each window's maximum", () => {
    tf.tidy(() => {
      const x = seeded([2, size, size, 3], 1) as tf.Tensor4D;
      const pool = (v: tf.Tensor) => tf.maxPool(v as tf.Tensor4D, window, stride, pad);
      const y = pool(x);
      const dy = seeded(y.shape, 2);
      const found = tf.grad(pool)(x, dy).dataSync();

      const [, h, w, c] = x.shape;
      const [values, upstream] = [x.dataSync(), dy.dataSync()];
      const expected = new Float32Array(values.length);
      const before =
        pad === "same" ? Math.floor(((y.shape[1] - 1) * stride + window - size) / 2) : 0;
      for (let i = 0; i < upstream.length; i++) {
        const channel = i % c;
        const column = Math.floor(i / c) % y.shape[2];
        const row = Math.floor(i / (c * y.shape[2])) % y.shape[1];
        const image = Math.floor(i / (c * y.shape[2] * y.shape[1]));
        let best = -1;
        for (let a = 0; a < window * window; a++) {
          const r = row * stride - before + Math.floor(a / window);
          const s = column * stride - before + (a % window);
          if (r < 0 || s < 0 || r >= h || s >= w) continue;
          const at = ((image * h + r) * w + s) * c + channel;
          if (best < 0 || values[at]! > values[best]!) best = at;
        }
        expected[best]! += upstream[i]!;
      }
      found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    });
  });
});

test("a reshape to the same shape, and a cast to the same type, is the same data and outlives what it came from", () => {
  const x = tf.tensor1d([1, 2, 3]);
  const same = x.reshape([3]);
  const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
  const before = binding.getNumOfTensors();
  const cast = x.cast("float32");
  expect(same.dataId).toBe(x.dataId);
  expect(cast.dataId).toBe(x.dataId);
  tf.dispose([x, cast]);
  expect([...same.dataSync()]).toEqual([1, 2, 3]);
  expect(binding.getNumOfTensors()).toBe(before);
  same.dispose();
});

test("gathering takes rows by their indices, and refuses indices that are none", () => {
  tf.tidy(() => {
    const rows = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    const pick = (...at: number[]) => tf.gather(rows, tf.tensor1d(at, "int32"));
    expect(pick(2, 0, 2).arraySync()).toEqual([[5, 6], [1, 2], [5, 6]]); // prettier-ignore
    expect(() => pick(3).dataSync()).toThrow(/not in \[0, 3\)/);
  });
});

test("a dimension is added anywhere", () => {
  tf.tidy(() => {
    expect(tf.zeros([2, 3]).expandDims(0).shape).toEqual([1, 2, 3]);
    expect(tf.zeros([2, 3]).expandDims(-1).shape).toEqual([2, 3, 1]);
    expect(tf.zeros([2], "int32").expandDims(1).dtype).toBe("int32");
  });
});

test("half the squared length of a tensor", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, -2], [3, 4]]); // prettier-ignore
    const half = tf.engine().runKernel<tf.Tensor>(HALF_SQUARE, { x });
    expect([half.shape, half.dataSync()[0]]).toEqual([[], 15]);
    const long = seeded([1000, 1000], 1);
    expect(
      farthest(
        tf.engine().runKernel<tf.Tensor>(HALF_SQUARE, { x: long }),
        long.square().sum().div(2),
      ),
    ).toBeLessThan(1e-5);
  });
});
