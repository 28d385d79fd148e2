import { expect, test } from "vitest";
import type { AugmentationConfig } from "../../../domain/augmentation/augmentation-config.ts";
import {
  AUGMENTATION_NAMES,
  AUGMENTATIONS,
} from "../../../domain/augmentation/augmentation-presets.ts";
import { checkAugmentation } from "../../../domain/augmentation/check-augmentation.ts";
import { createAugmenter } from "../../../domain/augmentation/create-augmenter.ts";
import { InvalidInput } from "../../../domain/errors.ts";

test("presets are within their bounds, and plain JSON", () => {
  for (const name of AUGMENTATION_NAMES) {
    expect(() => checkAugmentation(AUGMENTATIONS[name])).not.toThrow();
    expect(JSON.parse(JSON.stringify(AUGMENTATIONS[name]))).toEqual(AUGMENTATIONS[name]);
  }
});

test.each([
  [{ blur: { p: 2, sigma: [0, 1] } }, "Expected blur.p to be a number from 0 to 1, got 2"],
  [
    { blur: { p: 1, sigma: [1, 0.5] } },
    "Expected blur.sigma to be an interval of numbers from 0 to 20, got [1,0.5]",
  ],
  [
    { blur: { p: 1, sigma: [0, 21] } },
    "Expected blur.sigma to be an interval of numbers from 0 to 20, got [0,21]",
  ],
  [
    { blur: { p: 1 } },
    "Expected blur.sigma to be an interval of numbers from 0 to 20, got undefined",
  ],
  [
    { noise: { p: 1, sd: [NaN, 1] } },
    "Expected noise.sd to be an interval of numbers from 0 to 10, got [null,1]",
  ],
  [
    { ring: { p: 1, count: [1, 1.5], amount: [0, 1], width: [1, 1] } },
    "Expected ring.count to be an interval of whole numbers from 1 to 64, got [1,1.5]",
  ],
  [
    { grid: { p: 1, cells: 2.5, amount: 0.1 } },
    "Expected grid.cells to be a whole number from 2 to 32, got 2.5",
  ],
  [{ noise: { p: 1, sd: [0, 1], seed: 1 } }, "Expected noise to have p, sd, got seed"],
] as const)("%j is refused by name", (config, message) => {
  expect(() => createAugmenter(config as unknown as AugmentationConfig, { imageSize: 8 })).toThrow(
    new InvalidInput(message),
  );
});

test("an augmentation that does not exist is refused with those that do", () => {
  const config = { hue: { p: 1 } } as unknown as AugmentationConfig;
  expect(() => checkAugmentation(config)).toThrow(InvalidInput);
  expect(() => checkAugmentation(config)).toThrow(/crop, affine, .*cutout.*, got hue$/);
});
