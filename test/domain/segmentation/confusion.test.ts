import { expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import {
  addConfusions,
  confusion,
  intersectionOverUnion,
} from "../../../domain/segmentation/confusion.ts";

const truth = [0, 0, 0, 1, 1, 2];
const predicted = [0, 0, 1, 1, 2, 2];

it("counts every voxel once, by true class and predicted one", () => {
  expect(confusion(truth, predicted, 3)).toEqual([
    [2, 1, 0],
    [0, 1, 1],
    [0, 0, 1],
  ]);
});

it("divides what both have by what either has, over all voxels together", () => {
  // 2 of {2 + 1}; 1 of {1 true, 1 wrongly there, 1 missed}; 1 of {1 + 1}.
  expect(intersectionOverUnion(confusion(truth, predicted, 3))).toEqual([2 / 3, 1 / 3, 1 / 2]);
});

it("adds up volumes before it divides", () => {
  const one = confusion([1, 1, 1, 1], [1, 0, 0, 0], 2);
  const other = confusion([1], [1], 2);
  expect(intersectionOverUnion(addConfusions(one, other))).toEqual([0, 2 / 5]);
});

it("says nothing of a class that is neither there nor predicted", () => {
  const counts = confusion([0, 1], [0, 0], 3);
  expect(intersectionOverUnion(counts)).toEqual([1 / 2, 0, undefined]);
});

it("refuses volumes of different sizes", () => {
  expect(() => confusion([0, 1], [0], 2)).toThrow(InvalidInput);
  expect(() => confusion([0, 1], [0], 2)).toThrow("2 true and 1 predicted");
});
