import { expect, test } from "vitest";
import { elasticField } from "../../../domain/augmentation/elastic-field.ts";
import { gridDistortion } from "../../../domain/augmentation/grid-distortion.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Random } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

/** A stream whose normal and uniform numbers are given, one after the other. */
function given(values: readonly number[]): Random {
  let at = 0;
  const take = () => values[at++]!;
  return { ...createRandom(1), next: take, normal: take, uniform: take };
}

test("a grid's cells are as thick as they were drawn, and its ends stay", () => {
  // Thicknesses 1, 3, 2 of 6 in all: the borders between cells move from 4 and 8 to 2 and 8.
  const line = gridDistortion(12, 3, 0.9, given([1, 3, 2]));
  const expected = [0.25, 0.75, 1.25, 1.75, 2.75, 4.25, 5.75, 7.25, 8.5, 9.5, 10.5, 11.5];
  expect([...line]).toEqual(expected.map((v) => v - 6));
});

test("a grid that is not distorted leaves every pixel where it is", () => {
  const line = gridDistortion(7, 4, 0, createRandom(1));
  line.forEach((v, i) => expect(v).toBeCloseTo(i - 3, 12));
});

test("an elastic field is the cubic B-spline of its control points", () => {
  const [size, spacing] = [11, 2.5];
  const side = Math.floor(10 / 2.5) + 4;
  const random = createRandom(3);
  const control = Array.from({ length: side * side }, () => random.normal());
  const field = new Float32Array(size * size);
  elasticField(size, spacing, 1, given(control), field);
  const expected = python<number[]>(
    `from scipy.interpolate import BSpline
points = np.array(control).reshape(side, side)
def along(p):
    return BSpline(np.arange(-3, len(p) + 1), p, 3)(np.arange(size) / spacing)
out = along(along(points).T).T * 315 / 151`,
    { control, side, size, spacing },
  );
  field.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
});

test("an elastic field has the root mean square that is asked for, no direction, and is smooth", () => {
  const size = 64;
  const field = new Float32Array(size * size);
  let [sum, squares, steps] = [0, 0, 0];
  const fields = 200;
  for (let seed = 0; seed < fields; seed++) {
    elasticField(size, 8, 1.5, createRandom(seed), field);
    for (let i = 1; i < field.length; i++) {
      sum += field[i]!;
      squares += field[i]! ** 2;
      if (i % size > 0) steps += (field[i]! - field[i - 1]!) ** 2;
    }
  }
  const n = fields * field.length;
  expect(Math.sqrt(squares / n)).toBeCloseTo(1.5, 1);
  expect(Math.abs(sum / n)).toBeLessThan(0.03);
  // Independent numbers would differ by 1.5 · √2; a spline over eight pixels by a tenth of that.
  expect(Math.sqrt(steps / n)).toBeLessThan(0.3);
  expect(Math.sqrt(steps / n)).toBeGreaterThan(0.1);
});
