import { expect, it } from "vitest";
import { workingLevel } from "../../activities/working-level.ts";

/** Longest axis of each level. */
const levels = (...longest: number[]) => longest.map((n) => [1, n, Math.ceil(n / 2)]);

it.each([
  ["the one that has the target size", levels(512, 256, 128, 64), 128, 2],
  ["the nearest above", levels(1000, 500, 250, 125, 63), 240, 2],
  ["the nearest below", levels(1000, 500, 250, 125, 63), 130, 3],
  ["the finer of two that are equally far as a ratio", levels(200, 100, 50), Math.sqrt(5000), 1],
  ["level 0 of a small volume", levels(40, 20), 128, 0],
  ["the only one", levels(5000), 128, 0],
  ["the coarsest where all are too large", levels(5000, 2500, 1250), 128, 2],
])("takes %s", (_what, shapes, target, expected) => {
  expect(workingLevel(shapes, target)).toBe(expected);
});

it("looks at the longest axis, whichever that is", () => {
  const long = [[900, 64, 64], [450, 32, 32], [225, 16, 16], [113, 8, 8]]; // prettier-ignore
  expect(workingLevel(long, 128)).toBe(3);
  expect(
    workingLevel(
      long.map(([z, y, x]) => [x!, y!, z!]),
      128,
    ),
  ).toBe(3);
});
