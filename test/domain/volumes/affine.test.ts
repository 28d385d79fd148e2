import { expect, it } from "vitest";
import { type Affine, flipAffine, placeAffine } from "../../../domain/volumes/affine.ts";

const affine: Affine = [
  [0, -2, 0, 10],
  [3, 0, 0, 20],
  [0, 0, 5, 30],
];
const at = (a: Affine, [x, y, z]: readonly [number, number, number]) =>
  a.map((row) => row[0] * x + row[1] * y + row[2] * z + row[3]);

it("leaves every voxel of a part where it is in the world", () => {
  const part = placeAffine(affine, { scale: 1, shift: [7, 6, 5] });
  expect(at(part, [1, 2, 3])).toEqual(at(affine, [6, 8, 10]));
});

it("puts a coarse voxel in the middle of its fine ones", () => {
  const coarse = placeAffine(affine, { scale: 2, shift: [0.5, 0.5, 0.5] });
  expect(at(coarse, [0, 0, 0])).toEqual(at(affine, [0.5, 0.5, 0.5]));
  expect(at(coarse, [1, 1, 1])).toEqual(at(affine, [2.5, 2.5, 2.5]));
});

it("turns axes around, offset included, without a negative zero", () => {
  expect(flipAffine(affine, [-1, -1, 1])).toEqual([
    [0, 2, 0, -10],
    [-3, 0, 0, -20],
    [0, 0, 5, 30],
  ]);
});
