import { expect, it } from "vitest";
import { findContact } from "../../../domain/localization/find-contact.ts";
import type { Box, Mask } from "../../../domain/volumes/shape.ts";

/** A mask that is 1 in a box of a cube. */
function within(n: number, box: Box): Mask {
  const data = Uint8Array.from({ length: n ** 3 }, (_, i) => {
    const at = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
    return +at.every((v, axis) => v >= box[axis]![0] && v < box[axis]![1]);
  });
  return { shape: [n, n, n], data };
}

const valid = within(16, [[0, 16], [2, 14], [2, 14]]); // prettier-ignore
const NOWHERE = [
  [false, false],
  [false, false],
  [false, false],
];

it("is nowhere for what lies free, and for nothing at all", () => {
  const free = within(16, [[4, 8], [5, 9], [5, 9]]); // prettier-ignore
  expect(findContact(free, valid)).toEqual({ share: 0, faces: NOWHERE });
  const none = within(16, [[0, 0], [0, 0], [0, 0]]); // prettier-ignore
  expect(findContact(none, valid)).toEqual({ share: 0, faces: NOWHERE });
});

it("is the share of the outline in slices, and names the faces", () => {
  // Four sides of four voxels in every slice; the one at x = 14 lies against what is masked.
  const pressed = within(16, [[4, 8], [5, 9], [10, 14]]); // prettier-ignore
  expect(findContact(pressed, valid)).toEqual({
    share: 1 / 4,
    faces: [
      [false, false],
      [false, false],
      [false, true],
    ],
  });
});

it("is the same for a mask that is finer than the view", () => {
  const pressed = within(32, [[8, 16], [4, 18], [10, 28]]); // prettier-ignore
  const { share, faces } = findContact(pressed, valid);
  // Of 2·14 + 2·18 edges in a slice, 14 at x = 28 and 18 at y = 4.
  expect(share).toBeCloseTo((14 + 18) / 64, 12);
  expect(faces).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
});

it("is not the border of the volume", () => {
  const all = { shape: [16, 16, 16], data: new Uint8Array(4096).fill(1) } as const;
  expect(findContact(within(16, [[0, 16], [0, 8], [0, 16]]), all).share).toBe(0); // prettier-ignore
});
