import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { distance } from "../../../domain/volumes/distance.ts";
import { python } from "../../support/python.ts";

const random = createRandom(3, "distance");
const mask = {
  shape: [9, 8, 13] as const,
  data: Uint8Array.from({ length: 9 * 8 * 13 }, () => +(random.next() < 0.93)),
};

it("is scipy's exact distance, with and without an outside beyond the border", () => {
  const [unknown, outside] = python<[number[], number[]]>(
    `from scipy import ndimage as ndi
out = [ndi.distance_transform_edt(mask), ndi.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1, 1:-1]]`,
    { mask },
  );
  distance(mask, "unknown").data.forEach((d, i) => expect(d).toBeCloseTo(unknown[i]!, 5));
  distance(mask, "outside").data.forEach((d, i) => expect(d).toBeCloseTo(outside[i]!, 5));
});

it("knows a full mask as bounded by the border only", () => {
  const full = { shape: [3, 3, 5] as const, data: new Uint8Array(45).fill(1) };
  expect(distance(full, "outside").data[22]).toBe(2);
  expect(distance(full, "unknown").data[22]).toBe(Infinity);
});
