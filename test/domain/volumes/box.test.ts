import { expect, it } from "vitest";
import {
  boxIou,
  boxShape,
  boxVolume,
  fullBox,
  growBox,
  hullBox,
  overlapVolume,
  rescaleBox,
} from "../../../domain/volumes/box.ts";
import type { Box, Zyx } from "../../../domain/volumes/shape.ts";

const a: Box = [[0, 2], [0, 3], [0, 4]]; // prettier-ignore
const b: Box = [[1, 4], [1, 4], [2, 6]]; // prettier-ignore
const apart: Box = [[2, 3], [0, 3], [0, 4]]; // prettier-ignore

it("knows its sides and its volume", () => {
  expect(boxShape(b)).toEqual([3, 3, 4]);
  expect(boxVolume(b)).toBe(36);
  expect(boxVolume(fullBox([2, 3, 4]))).toBe(24);
});

it("shares 1×2×2 voxels of 24 and 36, so its overlap over union is 4 / 56", () => {
  expect(overlapVolume(a, b)).toBe(4);
  expect(boxIou(a, b)).toBeCloseTo(4 / 56, 12);
  expect(boxIou(a, a)).toBe(1);
  expect(hullBox(a, b)).toEqual([[0, 4], [0, 4], [0, 6]]); // prettier-ignore
});

it("shares nothing with a box that only touches it, nor with an empty one", () => {
  expect(overlapVolume(a, apart)).toBe(0);
  const empty: Box = [[1, 1], [0, 3], [0, 4]]; // prettier-ignore
  expect(boxIou(empty, empty)).toBe(0);
});

it("grows by a margin per face and stops at the volume's border", () => {
  const box: Box = [[1, 4], [5, 6], [7, 9]]; // prettier-ignore
  const margin: Box = [[2, 1], [0, 3], [4, 4]]; // prettier-ignore
  expect(growBox(box, margin, [10, 8, 10])).toEqual([[0, 5], [5, 8], [3, 10]]); // prettier-ignore
});

it("rescales outwards, so that no voxel is cut, and clips to the level's shape", () => {
  const coarse: Box = [[1, 3], [0, 2], [2, 5]]; // prettier-ignore
  // From level 2 to level 0 of a volume of 11×8×18: four times, and z and x end before 12 and 20.
  expect(rescaleBox(coarse, 2, 0, [11, 8, 18])).toEqual([[4, 11], [0, 8], [8, 18]]); // prettier-ignore
  const fine: Box = [[3, 5], [4, 8], [1, 2]]; // prettier-ignore
  expect(rescaleBox(fine, 0, 1, [6, 4, 9])).toEqual([[1, 3], [2, 4], [0, 1]]); // prettier-ignore
});

it("gives back at least the box that went to a coarser level and came back", () => {
  const shape: Zyx = [21, 30, 17];
  for (const box of [
    [
      [3, 20],
      [7, 8],
      [0, 17],
    ],
    [
      [20, 21],
      [1, 29],
      [5, 6],
    ],
  ] as Box[]) {
    // prettier-ignore
    const half: Zyx = [11, 15, 9];
    const back = rescaleBox(rescaleBox(box, 0, 1, half), 1, 0, shape);
    expect(hullBox(back, box)).toEqual(back);
  }
});
