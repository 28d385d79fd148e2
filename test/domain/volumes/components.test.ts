import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { components, largestComponent } from "../../../domain/volumes/components.ts";
import { python } from "../../support/python.ts";

it("labels the regions that scipy labels with full connectivity, in the same order", () => {
  const random = createRandom(2, "components");
  for (const density of [0.03, 0.1, 0.2, 0.6]) {
    const mask = {
      shape: [7, 12, 17] as const,
      data: Uint8Array.from({ length: 7 * 12 * 17 }, () => +(random.next() < density)),
    };
    const expected = python<number[]>(
      "from scipy import ndimage as ndi\nout = ndi.label(mask, np.ones((3, 3, 3)))[0]",
      { mask },
    );
    const { labels, sizes } = components(mask);
    expect(Array.from(labels)).toEqual(expected);
    sizes.forEach((size, label) => {
      if (label > 0) expect(size).toBe(expected.filter((l) => l === label).length);
    });
  }
});

it("joins voxels that touch by a corner only, and arms that meet late", () => {
  // Two corners; and a U in the second slice whose arms meet in its last row.
  const mask = {
    shape: [2, 3, 3] as const,
    data: Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]),
  };
  expect(components(mask).sizes).toEqual([0, 4]);
});

it("finds the largest region, and nothing in nothing", () => {
  const mask = { shape: [1, 1, 7] as const, data: Uint8Array.from([1, 0, 1, 1, 0, 1, 0]) };
  expect(Array.from(largestComponent(mask).data)).toEqual([0, 0, 1, 1, 0, 0, 0]);
  const empty = { shape: [1, 1, 2] as const, data: new Uint8Array(2) };
  expect(Array.from(largestComponent(empty).data)).toEqual([0, 0]);
});
