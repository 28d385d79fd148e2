import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { convolve } from "../../../domain/networks/convolution.ts";
import { seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

test.each([
  [1, 3, 5],
  [1, 5, 6],
  [2, 3, 6],
  [2, 3, 7],
  [2, 1, 6],
  [2, 7, 8],
])("at stride %i a filter of %i pads images of %i like torch", (stride, size, side) => {
  const x = seeded([1, side, side, 2], 1) as tf.Tensor4D;
  const kernel = tf.variable(seeded([size, size, 2, 3], 2));
  const y = convolve(new Map([["c.kernel", kernel]]), "c", x, stride);
  const expected = byHand(x.arraySync(), kernel.arraySync() as number[][][][], stride);
  expect(y.shape.slice(1, 3)).toEqual([expected.length, expected.length]);
  y.arraySync()[0]!.forEach((row, r) =>
    row.forEach((pixel, c) =>
      pixel.forEach((value, k) => expect(value).toBeCloseTo(expected[r]![c]![k]!, 3)),
    ),
  );
});

/** Zeros half a filter wide on every side, then a plain correlation. */
function byHand(x: number[][][][], w: number[][][][], stride: number): number[][][] {
  const side = x[0]!.length;
  const reach = (w.length - 1) / 2;
  const out = Math.floor((side + 2 * reach - w.length) / stride) + 1;
  const steps = Array.from({ length: out }, (_, i) => i * stride - reach);
  return steps.map((r) =>
    steps.map((c) =>
      w[0]![0]![0]!.map((_, k) => {
        let sum = 0;
        w.forEach((row, i) =>
          row.forEach((taps, j) =>
            taps.forEach((tap, ch) => (sum += tap[k]! * (x[0]![r + i]?.[c + j]?.[ch] ?? 0))),
          ),
        );
        return sum;
      }),
    ),
  );
}
