import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { fillHoles } from "../../../domain/volumes/fill-holes.ts";
import { python } from "../../support/python.ts";

it("fills slice by slice what scipy fills", () => {
  const random = createRandom(4, "holes");
  const mask = {
    shape: [6, 15, 13] as const,
    data: Uint8Array.from({ length: 6 * 15 * 13 }, () => +(random.next() < 0.6)),
  };
  const expected = python<number[]>(
    "from scipy import ndimage as ndi\nout = np.stack([ndi.binary_fill_holes(s) for s in mask]).astype(int)",
    { mask },
  );
  expect(Array.from(fillHoles(mask).data)).toEqual(expected);
});

it("keeps a hole that is open to the border", () => {
  const mask = { shape: [1, 3, 3] as const, data: Uint8Array.from([1, 0, 1, 1, 0, 1, 1, 1, 1]) };
  expect(Array.from(fillHoles(mask).data)).toEqual(Array.from(mask.data));
});
