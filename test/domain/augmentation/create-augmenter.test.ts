import { expect, test } from "vitest";
import type { AugmentationConfig } from "../../../domain/augmentation/augmentation-config.ts";
import {
  AUGMENTATION_NAMES,
  AUGMENTATIONS,
} from "../../../domain/augmentation/augmentation-presets.ts";
import { createAugmenter } from "../../../domain/augmentation/create-augmenter.ts";
import { planeOf } from "../../../domain/pretexts/plane.ts";
import { createSliceStack } from "../../../domain/pretexts/slice-stack.ts";
import { createRandom } from "../../../domain/random.ts";

const SIDE = 40;

function gridOf(value: (row: number, column: number) => number) {
  const data = Float32Array.from({ length: SIDE ** 2 }, (_, i) =>
    value(Math.floor(i / SIDE), i % SIDE),
  );
  return { shape: [1, SIDE, SIDE] as const, data };
}

const noise = createRandom(1);
const textured = gridOf(() => noise.normal());

function augment(config: AugmentationConfig, seed: number, grid = textured, imageSize = SIDE) {
  const { row, column, scale, plane } = createSliceStack(grid, 0, imageSize);
  const out = new Float32Array(imageSize ** 2);
  const place = { row, column, scale };
  createAugmenter(config, { imageSize })(plane(0), place, createRandom(seed), out, 0);
  return out;
}

test("without augmentation an image is its slice", () => {
  expect(augment(AUGMENTATIONS.none, 1)).toEqual(textured.data);
});

test.each(AUGMENTATION_NAMES)("%s makes the same image of the same random numbers", (name) => {
  for (let seed = 0; seed < 12; seed++) {
    expect(augment(AUGMENTATIONS[name], seed)).toEqual(augment(AUGMENTATIONS[name], seed));
  }
  if (name !== "none") {
    expect(augment(AUGMENTATIONS[name], 1)).not.toEqual(augment(AUGMENTATIONS[name], 2));
  }
});

test.each(AUGMENTATION_NAMES)(
  "%s keeps numbers finite, on constant and on tiny images too",
  (name) => {
    for (const grid of [textured, gridOf(() => 0), gridOf(() => 3), gridOf(() => -4)]) {
      for (const size of [SIDE, 8]) {
        for (let seed = 0; seed < 40; seed++) {
          expect(augment(AUGMENTATIONS[name], seed, grid, size).every(Number.isFinite)).toBe(true);
        }
      }
    }
  },
);

const operations = Object.keys(AUGMENTATIONS.strong) as (keyof AugmentationConfig)[];

test.each([...operations, "crop"] as const)(
  "%s happens when its chance is 1, and never at 0",
  (name) => {
    const options = AUGMENTATIONS.strong[name] ?? AUGMENTATIONS.contrastive[name];
    const only = (p: number) => ({ [name]: { ...options, p } }) as AugmentationConfig;
    for (let seed = 0; seed < 5; seed++) {
      expect(augment(only(1), seed)).not.toEqual(textured.data);
      expect(augment(only(0), seed)).toEqual(textured.data);
    }
  },
);

test("images go where they are told, and nothing else is written", () => {
  const { row, column, scale, plane } = createSliceStack(textured, 0, SIDE);
  const out = new Float32Array(3 * SIDE ** 2).fill(7);
  const augmenter = createAugmenter(AUGMENTATIONS.strong, { imageSize: SIDE });
  augmenter(plane(0), { row, column, scale }, createRandom(1), out, SIDE ** 2);
  expect(out.subarray(0, SIDE ** 2).every((v) => v === 7)).toBe(true);
  expect(out.subarray(2 * SIDE ** 2).every((v) => v === 7)).toBe(true);
  expect(out.subarray(SIDE ** 2, 2 * SIDE ** 2).some((v) => v !== 7)).toBe(true);
});

test("what an augmenter drew before does not show in the next image", () => {
  const { row, column, scale, plane } = createSliceStack(textured, 0, SIDE);
  const place = { row, column, scale };
  const used = createAugmenter(AUGMENTATIONS.strong, { imageSize: SIDE });
  const out = new Float32Array(SIDE ** 2);
  for (let seed = 0; seed < 20; seed++) used(plane(0), place, createRandom(seed), out, 0);
  used(plane(0), place, createRandom(3), out, 0);
  expect(out).toEqual(augment(AUGMENTATIONS.strong, 3));
});

test("rings are concentric about the slice's centre, wherever augmentation has put that", () => {
  const middle = (SIDE - 1) / 2;
  const spot = gridOf((r, c) => Math.exp(-0.5 * (Math.hypot(r - middle, c - middle) / 1.5) ** 2));
  const affine = { p: 1, angle: [0, 360], shift: 0.2, zoom: [0.8, 1.2], mirror: 0.5 } as const;
  const ring = { p: 1, count: [1, 1], amount: [1, 1], width: [1.5, 1.5] } as const;
  for (let seed = 0; seed < 8; seed++) {
    // The affine is drawn first: it is the same in both.
    const moved = augment({ affine }, seed, spot);
    const rings = augment(
      { affine, ring },
      seed,
      gridOf(() => 0),
    );
    const total = moved.reduce((a, b) => a + b, 0);
    const mean = (at: (i: number) => number) =>
      moved.reduce((sum, v, i) => sum + v * at(i), 0) / total;
    const centre = [mean((i) => Math.floor(i / SIDE)), mean((i) => i % SIDE)] as const;
    // The profile along the radius, and how far pixels are off it.
    const bins = new Map<number, number[]>();
    rings.forEach((v, i) => {
      const away = Math.hypot(Math.floor(i / SIDE) - centre[0], (i % SIDE) - centre[1]);
      const bin = Math.round(away * 4);
      bins.set(bin, [...(bins.get(bin) ?? []), v]);
    });
    const spread = Math.max(...[...bins.values()].map((v) => Math.max(...v) - Math.min(...v)));
    const range = Math.max(...rings) - Math.min(...rings);
    expect(range).toBeGreaterThan(0.5);
    expect(spread).toBeLessThan(0.25 * range);
  }
});

test("light is what it says: any turn, 15 % of zoom and gain, offset and noise", () => {
  const flat = gridOf(() => 1);
  const images = Array.from({ length: 300 }, (_, seed) =>
    augment(AUGMENTATIONS.light, seed, flat, 16),
  );
  // The middle of the image is well within the slice: gain + offset ± noise.
  const inner = images.map((image) =>
    [6, 7, 8, 9].flatMap((r) => [...image.subarray(r * 16 + 6, r * 16 + 10)]),
  );
  const means = inner.map((v) => v.reduce((a, b) => a + b) / v.length);
  const sds = inner.map((v, n) =>
    Math.sqrt(v.reduce((sum, x) => sum + (x - means[n]!) ** 2, 0) / (v.length - 1)),
  );
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b) / v.length;
  expect(mean(means)).toBeCloseTo(1, 1);
  // Uniform ± 0.15 and ± 0.1 (and gain before the offset: noise is multiplied, too).
  const spread = Math.sqrt(mean(means.map((m) => (m - 1) ** 2)));
  expect(spread).toBeGreaterThan(0.09);
  expect(spread).toBeLessThan(0.12);
  expect(mean(sds)).toBeCloseTo(0.075, 1);
  expect(Math.max(...sds)).toBeLessThan(0.3);
});

test("a plane that is a slice along another axis is sampled the same", () => {
  const cube = {
    shape: [SIDE, 2, SIDE] as const,
    data: Float32Array.from({ length: 2 * SIDE ** 2 }, (_, i) => {
      const [z, y, x] = [Math.floor(i / (2 * SIDE)), Math.floor(i / SIDE) % 2, i % SIDE];
      return y === 1 ? textured.data[z * SIDE + x]! : 99;
    }),
  };
  const out = new Float32Array(SIDE ** 2);
  const middle = { row: 19.5, column: 19.5, scale: 1 };
  const augmenter = createAugmenter(AUGMENTATIONS.strong, { imageSize: SIDE });
  augmenter(planeOf(cube, 1, 1), middle, createRandom(4), out, 0);
  expect(out).toEqual(augment(AUGMENTATIONS.strong, 4));
});
