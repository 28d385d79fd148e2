import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { minFilter } from "../../../domain/volumes/min-filter.ts";
import { python } from "../../support/python.ts";

it("is scipy's minimum filter over a cube of 5", () => {
  const random = createRandom(5, "min");
  const grid = {
    shape: [4, 9, 11] as const,
    data: Float32Array.from({ length: 396 }, () => random.normal()),
  };
  const expected = python<number[]>(
    "from scipy import ndimage as ndi\nout = ndi.minimum_filter(grid, 5)",
    { grid },
  );
  minFilter(grid, 2).data.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 6));
});
