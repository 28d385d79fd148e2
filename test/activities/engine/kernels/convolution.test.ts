import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { convolveDilated } from "../../../../domain/networks/convolution.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { seeded } from "../../../support/tensors.ts";
import { farthest, numericGradient } from "./gradients.ts";

beforeAll(async () => {
  await useTensorFlow();
});

interface Case {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
}

const CASES: Case[] = [
  { size: 8, kernel: 3, stride: 1 },
  { size: 8, kernel: 3, stride: 2 },
  { size: 9, kernel: 3, stride: 2 },
  { size: 12, kernel: 7, stride: 2 },
  { size: 7, kernel: 1, stride: 2 },
  { size: 6, kernel: 5, stride: 3 },
];

describe.each(CASES)("padding by numbers, %j,", ({ size, kernel, stride }) => {
  const pad = (kernel - 1) / 2;
  const inputs = () =>
    [
      seeded([2, size, size, 3], 1) as tf.Tensor4D,
      seeded([kernel, kernel, 3, 4], 2) as tf.Tensor4D,
    ] as const;
  const inside = (x: tf.Tensor, k: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, k as tf.Tensor4D, stride, pad);
  const outside = (x: tf.Tensor, k: tf.Tensor) =>
    tf.conv2d(
      tf.pad(x as tf.Tensor4D, [[0, 0], [pad, pad], [pad, pad], [0, 0]]), // prettier-ignore
      k as tf.Tensor4D,
      stride,
      "valid",
    );

  test("is padding first", () => {
    tf.tidy(() => {
      const [x, k] = inputs();
      expect(farthest(inside(x, k), outside(x, k))).toBeLessThan(1e-5);
    });
  });

  test("has its gradients", () => {
    tf.tidy(() => {
      const [x, k] = inputs();
      const dy = seeded(outside(x, k).shape, 3);
      const ours = tf.grads(inside)([x, k], dy);
      const theirs = tf.grads(outside)([x, k], dy);
      ours.forEach((gradient, i) => expect(farthest(gradient, theirs[i]!)).toBeLessThan(1e-5));
    });
  });

  test("has the gradients that differences show", () => {
    tf.tidy(() => {
      const [x, k] = inputs();
      const loss = (...[a, b]: tf.Tensor[]) => inside(a!, b!).square().sum().asScalar();
      const ours = tf.grads(loss)([x, k]);
      [x, k].forEach((arg, which) => {
        const at = [0, 5, 11, 26].map((i) => i % arg.size);
        const values = ours[which]!.dataSync();
        const most = ours[which]!.abs().max().dataSync()[0]!;
        numericGradient(loss, [x, k], which, at).forEach((numeric, i) => {
          expect(Math.abs(values[at[i]!]! - numeric) / most).toBeLessThan(0.01);
        });
      });
    });
  });
});

test("a one-sided padding is kept as it is", () => {
  tf.tidy(() => {
    const [x, k] = [seeded([1, 6, 5, 2], 1), seeded([3, 3, 2, 2], 2)] as tf.Tensor4D[];
    const margins = [[0, 0], [2, 1], [0, 3], [0, 0]] as [[number, number], [number, number], [number, number], [number, number]]; // prettier-ignore
    const inside = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, margins);
    const outside = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(tf.pad(a as tf.Tensor4D, margins), b as tf.Tensor4D, 2, "valid");
    expect(farthest(inside(x!, k!), outside(x!, k!))).toBeLessThan(1e-5);
    const dy = seeded(outside(x!, k!).shape, 3);
    const [ours, theirs] = [inside, outside].map((f) => tf.grads(f)([x!, k!], dy));
    ours!.forEach((gradient, i) => expect(farthest(gradient, theirs![i]!)).toBeLessThan(1e-5));
  });
});

describe.each([
  { size: 8, rate: 2 },
  { size: 9, rate: 2 },
  { size: 10, rate: 3 },
])("a dilated convolution, %j,", ({ size, rate }) => {
  test("is the one of a kernel with zeros between, gradients included", () => {
    tf.tidy(() => {
      const x = seeded([2, size, size + 1, 2], 1) as tf.Tensor4D;
      const k = seeded([3, 3, 2, 3], 2) as tf.Tensor4D;
      const wide = (kernel: tf.Tensor) => {
        const side = 2 * rate + 1;
        const at = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [rate * i, rate * j]));
        return tf.scatterND(tf.tensor2d(at, [9, 2], "int32"), kernel.reshape([9, 2, 3]), [side, side, 2, 3]); // prettier-ignore
      };
      const dilated = (a: tf.Tensor, b: tf.Tensor) =>
        convolveDilated(a as tf.Tensor4D, b as tf.Tensor4D, rate);
      const plain = tf.conv2d(x, wide(k) as tf.Tensor4D, 1, "same");
      expect(farthest(dilated(x, k), plain)).toBeLessThan(1e-5);

      const dy = seeded(plain.shape, 3);
      const [dx, dk] = tf.grads(dilated)([x, k], dy);
      const [px, pk] = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same"),
      )([x, wide(k)], dy);
      expect(farthest(dx!, px!)).toBeLessThan(1e-5);
      const taken = tf.stridedSlice(pk!, [0, 0, 0, 0], pk!.shape, [rate, rate, 1, 1]);
      expect(farthest(dk!, taken)).toBeLessThan(1e-5);
    });
  });
});
