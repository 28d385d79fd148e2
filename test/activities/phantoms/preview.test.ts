import { PNG } from "pngjs";
import { expect, it } from "vitest";
import { preview } from "../../../activities/phantoms/preview.ts";

/** The colours of a PNG, `[height][width][r, g, b]`. */
function pixels(bytes: Uint8Array) {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => [...data.subarray(4 * (y * width + x)).subarray(0, 3)]),
  );
}

const SHAPE = [4, 5, 6] as const;
const data = Uint16Array.from({ length: 120 }, (_, i) => 1000 + 10 * i);

it("shows slices across z, y and x through the middle, dark to bright", () => {
  const picture = pixels(preview({ shape: SHAPE, data }, [], undefined));
  expect([picture.length, picture[0]!.length]).toEqual([5, 6 + 2 + 6 + 2 + 5]);
  const at = (y: number, x: number) => picture[y]![x]![0]!;
  // Across z at 1: voxels 30 … 59; across y at 2: 12 … 107; across x at 2: 2 … 116.
  expect(at(0, 0)).toBeLessThan(at(4, 5));
  // The darkest and brightest few pixels are drawn black and white: 16 of 255 for that.
  const grey = (i: number) => Math.min(255, Math.max(0, ((i - 2) / 114) * 255));
  expect(Math.abs(at(0, 0) - grey(30))).toBeLessThan(16);
  expect(Math.abs(at(4, 5) - grey(59))).toBeLessThan(16);
  expect(Math.abs(at(0, 8) - grey(12))).toBeLessThan(16);
  expect(Math.abs(at(3, 13) - grey(107))).toBeLessThan(16);
  expect(Math.abs(at(2, 16 + 3) - grey(2 * 30 + 3 * 6 + 2))).toBeLessThan(16);
  expect(picture[0]![6]).toEqual([255, 255, 255]);
});

it("goes through the middle of the hull, and outlines the boxes that the slice meets", () => {
  const box = [[2, 4], [1, 4], [1, 5]] as const; // prettier-ignore
  const other = [[0, 1], [0, 1], [0, 1]] as const; // prettier-ignore
  const picture = pixels(preview({ shape: SHAPE, data }, [box, other], box));
  const isFrame = (y: number, x: number) => picture[y]![x]![2] !== picture[y]![x]![0];
  expect([isFrame(1, 1), isFrame(1, 4), isFrame(3, 2), isFrame(2, 1)]).toEqual(Array(4).fill(true));
  expect([isFrame(2, 2), isFrame(0, 0), isFrame(4, 1), isFrame(1, 5)]).toEqual(
    Array(4).fill(false),
  );
});
