import { describe, expect, it } from "vitest";
import { createVoxels } from "../../../domain/volumes/dtype.ts";
import { halvePlanes, pyramidShapes } from "../../../domain/volumes/pyramid.ts";
import type { Dtype } from "../../../domain/volumes/shape.ts";

it("adds levels until the longest axis has 64 voxels, rounding up", () => {
  expect(pyramidShapes([64, 64, 64])).toEqual([[64, 64, 64]]);
  expect(pyramidShapes([65, 3, 1])).toEqual([
    [65, 3, 1],
    [33, 2, 1],
  ]);
  expect(pyramidShapes([225, 128, 131])).toEqual([
    [225, 128, 131],
    [113, 64, 66],
    [57, 32, 33],
  ]);
});

const halve = (
  dtype: Dtype,
  a: number[],
  b: number[] | undefined,
  y: number,
  x: number,
  mode: "mean" | "nearest" = "mean",
) => {
  const plane = (values: number[]) => {
    const voxels = createVoxels(dtype, values.length);
    voxels.set(values);
    return voxels;
  };
  const out = createVoxels(dtype, Math.ceil(y / 2) * Math.ceil(x / 2));
  halvePlanes(plane(a), b && plane(b), y, x, out, mode);
  return [...out];
};

describe("the mean of 2x2x2 voxels", () => {
  it("is that of all eight", () => {
    expect(halve("uint8", [1, 2, 3, 4], [5, 6, 7, 9], 2, 2)).toEqual([5]); // 37/8 = 4.625
  });

  it("rounds half up, below zero too", () => {
    expect(halve("uint8", [1, 0, 1, 0], [1, 0, 1, 0], 2, 2)).toEqual([1]); // 0.5
    expect(halve("int16", [-1, 0, -1, 0], [-1, 0, -1, 0], 2, 2)).toEqual([0]); // -0.5
    expect(halve("int16", [-3, -2, -3, -2], [-3, -2, -3, -2], 2, 2)).toEqual([-2]); // -2.5
    expect(halve("int32", [-3, -2, -3, -2], [-3, -2, -3, -2], 2, 2)).toEqual([-2]);
  });

  it("is over those that exist at an odd border", () => {
    // 3x3, no plane after it: 4, 2, 2 and 1 voxels.
    expect(halve("float32", [1, 2, 3, 4, 5, 6, 7, 8, 10], undefined, 3, 3)).toEqual([
      3, 4.5, 7.5, 10,
    ]);
    expect(halve("uint16", [1, 2, 3, 4, 5, 6, 7, 8, 10], undefined, 3, 3)).toEqual([3, 5, 8, 10]);
    expect(halve("uint8", [4], [7], 1, 1)).toEqual([6]); // 5.5
  });

  it("does not overflow at the end of any range", () => {
    const most = {
      uint8: 2 ** 8 - 1,
      int8: -(2 ** 7),
      uint16: 2 ** 16 - 1,
      int16: -(2 ** 15),
      uint32: 2 ** 32 - 1,
      int32: -(2 ** 31),
      float32: 2 ** 127,
    };
    for (const [dtype, value] of Object.entries(most) as [Dtype, number][]) {
      const plane = [value, value, value, value];
      expect(halve(dtype, plane, plane, 2, 2), dtype).toEqual([value]);
    }
  });
});

it("takes labels as they are, never a label that nobody gave", () => {
  expect(halve("uint8", [7, 9, 0, 0, 3, 4], [1, 1, 1, 1, 1, 1], 2, 3, "nearest")).toEqual([7, 0]);
});
