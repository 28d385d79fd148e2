import { expect, it } from "vitest";
import { bin } from "../../../domain/volumes/bin.ts";

it("takes the mean of blocks, and of what there is of the last block", () => {
  const grid = { shape: [1, 2, 3] as const, data: Uint8Array.from([1, 2, 9, 3, 4, 11]) };
  const { shape, data } = bin(grid, 2);
  expect(shape).toEqual([1, 1, 2]);
  expect(Array.from(data)).toEqual([2.5, 10]);
});

it("refuses half a voxel", () => {
  const grid = { shape: [1, 1, 1] as const, data: new Uint8Array(1) };
  expect(() => bin(grid, 0.5)).toThrow("got 0.5");
});
