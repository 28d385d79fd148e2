import { expect, it } from "vitest";
import { localEntropy } from "../../../../domain/localization/baselines/local-entropy.ts";
import { createRandom } from "../../../../domain/random.ts";
import type { Grid } from "../../../../domain/volumes/shape.ts";
import { python } from "../../../support/python.ts";

it("is 0 where all is equal, and 1 bit where half of the pixels have another value", () => {
  // A disc of radius 1 at the corner of a slice holds 3 pixels: here two of one value.
  const grid: Grid<Uint8Array> = { shape: [2, 2, 2], data: Uint8Array.of(5, 5, 5, 5, 1, 2, 1, 2) };
  const { data } = localEntropy(grid, 1);
  const twoOfThree = -(2 / 3) * Math.log2(2 / 3) - (1 / 3) * Math.log2(1 / 3);
  expect([...data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  for (const bits of data.subarray(4)) expect(bits).toBeCloseTo(twoOfThree, 6);
});

it.each([1, 2, 3])("is what scikit-image computes slice by slice (disc of %i)", (radius) => {
  const random = createRandom(radius, "entropy");
  const shape = [3, 17, 23] as const;
  const data = Uint8Array.from({ length: 3 * 17 * 23 }, (_, i) =>
    i % 23 < 8 ? 7 : 255 * random.next() * (i % 5 === 0 ? 1 : 0.05),
  );
  const expected = python<number[]>(
    `from skimage.filters.rank import entropy
from skimage.morphology import disk
out = np.stack([entropy(s.astype(np.uint8), disk(int(radius))) for s in grid])`,
    { grid: { shape, data }, radius },
  );
  const found = localEntropy({ shape, data }, radius).data;
  expect(found).toHaveLength(expected.length);
  found.forEach((bits, i) => expect(bits).toBeCloseTo(expected[i]!, 5));
});
