import { expect, test } from "vitest";
import { adjustGamma } from "../../../domain/augmentation/adjust-gamma.ts";
import { applyWindow } from "../../../domain/augmentation/apply-window.ts";
import { robustRange } from "../../../domain/augmentation/robust-range.ts";
import { solarize } from "../../../domain/augmentation/solarize.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

const ENDS = [-1, 3] as const;

test("gamma bends what is between the ends, and keeps the ends", () => {
  const image = Float32Array.of(-1, 0, 1, 3, -2, 5);
  adjustGamma(image, ENDS, 2);
  // Shares 0, 1/4, 1/2, 1; below the dark end as it was; 3/2 beyond the bright one.
  expect([...image]).toEqual([-1, -0.75, 0, 3, -2, 8]);
});

test("a window clips, and stretches what is left to the ends", () => {
  const image = Float32Array.of(-1, 0, 1, 2, 3);
  applyWindow(image, ENDS, { centre: 0.5, width: 0.5 });
  expect([...image]).toEqual([-1, -1, 1, 3, 3]);
  const shifted = Float32Array.of(-1, 0, 1, 2, 3);
  applyWindow(shifted, ENDS, { centre: 0.75, width: 1 });
  expect([...shifted]).toEqual([-1, -1, 0, 1, 2]);
});

test("solarizing inverts what is bright", () => {
  const image = Float32Array.of(-1, 0.5, 1, 1.5, 3, 4);
  solarize(image, ENDS, 0.5);
  expect([...image]).toEqual([-1, 0.5, 1, 0.5, -1, -2]);
});

test("an image without a range stays as it is", () => {
  for (const change of [
    (image: Float32Array) => adjustGamma(image, [2, 2], 0.5),
    (image: Float32Array) => applyWindow(image, [2, 2], { centre: 0, width: 0.1 }),
    (image: Float32Array) => solarize(image, [2, 2], 0.1),
  ]) {
    const image = new Float32Array(9).fill(2);
    change(image);
    expect([...image]).toEqual(Array(9).fill(2));
  }
});

test("the range of an image is between its percentiles, and outliers do not count", () => {
  const random = createRandom(1);
  const small = Float32Array.from({ length: 900 }, () => random.normal());
  const expected = python<number[]>(`out = np.percentile(np.array(a), [1, 99])`, { a: small });
  robustRange(small).forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 6));
  const large = Float32Array.from({ length: 128 * 128 }, () => random.normal());
  for (let i = 0; i < large.length; i += 500) large[i] = 1e6;
  // ± 2.326; of 2,000 pixels the percentiles are off by about 0.08.
  robustRange(large).forEach((v, i) => expect(Math.abs(v - [-2.326, 2.326][i]!)).toBeLessThan(0.4));
});
