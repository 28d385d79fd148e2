import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { interpolate } from "../../../domain/volumes/interpolate.ts";
import { python } from "../../support/python.ts";

it("is scipy's map_coordinates of order 1 with the nearest edge", () => {
  const random = createRandom(8, "interpolate");
  const grid = {
    shape: [4, 5, 6] as const,
    data: Float32Array.from({ length: 120 }, () => random.normal()),
  };
  const expected = python<number[]>(
    `from scipy import ndimage as ndi
c = np.meshgrid(-.5 + .37 * np.arange(14), .25 * np.arange(20), 1 + .5 * np.arange(11), indexing="ij")
out = ndi.map_coordinates(grid.astype(float), c, order=1, mode="nearest")`,
    { grid },
  );
  const { data } = interpolate(grid, [14, 20, 11], [-0.5, 0, 1], [0.37, 0.25, 0.5]);
  data.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
});

it("gives the only voxel everywhere", () => {
  const grid = { shape: [1, 1, 1] as const, data: Float32Array.of(3) };
  expect(Array.from(interpolate(grid, [1, 1, 3], [-1, 0, -1], [1, 1, 1]).data)).toEqual([3, 3, 3]);
});
