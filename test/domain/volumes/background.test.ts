import { expect, it } from "vitest";
import { backgroundStatistics } from "../../../domain/volumes/background.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Box } from "../../../domain/volumes/shape.ts";
import { python } from "../../support/python.ts";

it("counts the voxels outside the box alone, as numpy does", () => {
  const random = createRandom(4);
  const grid = { shape: [5, 6, 7] as const, data: new Uint16Array(210).map(() => random.int(900)) };
  const box: Box = [
    [1, 4],
    [2, 6],
    [0, 3],
  ];
  const found = backgroundStatistics(grid, box)!;
  const expected = python<[number, number, number[], number]>(
    `mask = np.ones(g.shape, bool)
mask[1:4, 2:6, 0:3] = False
v = np.sort(g[mask])
out = [v.mean(), v.std(), v, v.size]`,
    { g: grid },
  );
  expect(found.mean).toBeCloseTo(expected[0], 9);
  expect(found.standardDeviation).toBeCloseTo(expected[1], 9);
  expect(found.median).toBe(expected[2][Math.round(0.5 * (expected[3] - 1))]);
  expect(found.count).toBe(expected[3]);
});

it("has nothing to say where nothing is outside", () => {
  const all: Box = [
    [0, 1],
    [0, 2],
    [0, 2],
  ];
  expect(backgroundStatistics({ shape: [1, 2, 2], data: new Uint8Array(4) }, all)).toBeUndefined();
});
