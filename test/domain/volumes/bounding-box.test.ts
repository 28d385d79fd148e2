import { expect, it } from "vitest";
import { boundingBox } from "../../../domain/volumes/bounding-box.ts";

const shape = [4, 5, 6] as const;

it("holds every voxel and no more", () => {
  const data = new Uint8Array(120);
  data[(1 * 5 + 3) * 6 + 2] = 1;
  data[(2 * 5 + 0) * 6 + 5] = 1;
  expect(boundingBox({ shape, data })).toEqual([
    [1, 3],
    [0, 4],
    [2, 6],
  ]);
});

it("is undefined for an empty mask", () => {
  expect(boundingBox({ shape, data: new Uint8Array(120) })).toBeUndefined();
});
