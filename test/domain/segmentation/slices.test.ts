import { expect, it } from "vitest";
import { sliceOf, sliceOffsets } from "../../../domain/segmentation/slices.ts";
import { AXES, type Grid, type Zyx } from "../../../domain/volumes/shape.ts";

const shape: Zyx = [3, 4, 5];
/** Every voxel says where it is: 100 z + 10 y + x. */
const grid: Grid<Uint16Array> = {
  shape,
  data: Uint16Array.from({ length: 60 }, (_, i) => {
    return 100 * Math.floor(i / 20) + 10 * (Math.floor(i / 5) % 4) + (i % 5);
  }),
};

it.each([
  [0, 2, [4, 5], [200, 201, 202, 203, 204, 210]],
  [1, 3, [3, 5], [30, 31, 32, 33, 34, 130]],
  [2, 4, [3, 4], [4, 14, 24, 34, 104, 114]],
] as const)("across axis %d at %d has %j rows and columns", (axis, index, sides, first) => {
  const { height, width, data } = sliceOf(grid, axis, index);
  expect([height, width]).toEqual(sides);
  expect(data).toBeInstanceOf(Uint16Array);
  expect(data).toHaveLength(height * width);
  expect([...data.subarray(0, 6)]).toEqual(first);
});

it.each(AXES)("goes back to where it came from, along axis %d", (axis) => {
  const back = new Uint16Array(60).fill(9999);
  for (let index = 0; index < shape[axis]; index++) {
    const { height, width, data } = sliceOf(grid, axis, index);
    const { start, row, column } = sliceOffsets(grid, axis, index);
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) back[start + i * row + j * column] = data[i * width + j]!;
    }
  }
  expect(back).toEqual(grid.data);
});

it("is a copy", () => {
  const { data } = sliceOf(grid, 0, 0);
  data.fill(7);
  expect(grid.data[1]).toBe(1);
});
