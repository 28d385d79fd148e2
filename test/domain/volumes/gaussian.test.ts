import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { gaussian, gaussianLine } from "../../../domain/volumes/gaussian.ts";
import { python } from "../../support/python.ts";

const random = createRandom(1, "gaussian");
const shape = [5, 11, 14] as const;
const grid = { shape, data: Uint8Array.from({ length: 770 }, () => random.int(256)) };

it("gives scipy's numbers, also where the kernel is wider than the volume", () => {
  const sigmas = [0.4, 0.7, 1.5, 4];
  const expected = python<number[][]>(
    "from scipy import ndimage as ndi\nout = [ndi.gaussian_filter(grid.astype(np.float64), s) for s in sigmas]",
    { grid, sigmas },
  );
  sigmas.forEach((sigma, i) => {
    const { data } = gaussian(grid, sigma);
    const error = data.map((v, j) => Math.abs(v - expected[i]![j]!));
    expect(Math.max(...error), `sigma ${sigma}`).toBeLessThan(1e-4);
  });
});

it("blurs a line like a volume's axis", () => {
  const expected = python<number[]>(
    "from scipy import ndimage as ndi\nout = ndi.gaussian_filter1d([3., 1, 4, 1, 5, 9, 2, 6], 1.2)",
    {},
  );
  gaussianLine([3, 1, 4, 1, 5, 9, 2, 6], 1.2).forEach((v, i) =>
    expect(v).toBeCloseTo(expected[i]!, 10),
  );
});

it("leaves everything as it is with sigma 0 and refuses a negative one", () => {
  expect(Array.from(gaussian(grid, 0).data)).toEqual(Array.from(grid.data));
  expect(() => gaussian(grid, -1)).toThrow("got -1");
  expect(() => gaussian(grid, NaN)).toThrow("got NaN");
});
