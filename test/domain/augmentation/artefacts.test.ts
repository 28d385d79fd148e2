import { expect, test } from "vitest";
import { addNoise } from "../../../domain/augmentation/add-noise.ts";
import { addRings } from "../../../domain/augmentation/add-rings.ts";
import { addShotNoise } from "../../../domain/augmentation/add-shot-noise.ts";
import { addStreaks } from "../../../domain/augmentation/add-streaks.ts";
import { affineMap, WHOLE } from "../../../domain/augmentation/affine-map.ts";
import { blur } from "../../../domain/augmentation/blur.ts";
import { cutOut } from "../../../domain/augmentation/cut-out.ts";
import { fillNormals } from "../../../domain/augmentation/fill-normals.ts";
import { lowResolution } from "../../../domain/augmentation/low-resolution.ts";
import { warpPlane } from "../../../domain/augmentation/warp-plane.ts";
import { planeOf } from "../../../domain/pretexts/plane.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

function noise(length: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.uniform(-2, 4));
}

const grid = (image: Float32Array, size: number) => ({
  shape: [1, size, size] as const,
  data: image,
});

const STILL = { angle: 0, zoom: 1, mirrored: false, down: 0, right: 0, part: WHOLE };

test("blur is scipy's Gaussian filter", () => {
  const image = noise(23 * 23);
  const before = image.slice();
  blur(image, 23, 1.3);
  const expected = python<number[]>(
    `from scipy.ndimage import gaussian_filter
out = gaussian_filter(image[0].astype(float), 1.3)`,
    { image: grid(before, 23) },
  );
  image.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
});

test.each([
  [12, 3],
  [13, 4],
  [5, 8],
  [9, 1],
])("low resolution of %i pixels by %i is numpy's block mean, interpolated", (size, factor) => {
  const image = noise(size * size);
  const before = image.slice();
  lowResolution(image, size, factor);
  const expected = python<number[]>(
    `n = -(-size // factor)
full = np.full((n * factor, n * factor), np.nan)
full[:size, :size] = image[0]
coarse = np.nanmean(full.reshape(n, factor, n, factor), axis=(1, 3))
centres = np.arange(n) * factor + (factor - 1) / 2
along = lambda a: np.array([np.interp(np.arange(size), centres, line) for line in a])
out = along(along(coarse).T).T`,
    { image: grid(before, size), size, factor },
  );
  image.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
});

test("a ring is round about the scan's axis, with its amount at its radius", () => {
  const size = 41;
  const image = new Float32Array(size * size);
  const map = affineMap({ row: 30, column: 50, scale: 1 }, STILL);
  addRings(image, size, map, { row: 28, column: 55 }, [{ radius: 8, width: 1, amount: 0.5 }]);
  // The image's middle pixel (20, 20) shows (30, 50), so the axis is at pixel (18, 25).
  const at = (down: number, right: number) => image[(18 + down) * size + 25 + right]!;
  for (const [down, right] of [
    [8, 0],
    [-8, 0],
    [0, 8],
    [0, -8],
  ] as const) {
    expect(at(down, right)).toBeCloseTo(0.5, 6);
  }
  expect(at(0, 9)).toBeCloseTo(0.5 * Math.exp(-0.5), 6);
  expect(at(6, 8)).toBeCloseTo(0.5 * Math.exp(-2), 3);
  expect(at(0, 0)).toBe(0);
});

test("a ring moves with the slice: adding it before or after the map is the same", () => {
  const size = 48;
  const centre = { row: 39.5, column: 41 };
  const rings = [
    { radius: 0, width: 6, amount: -0.7 },
    { radius: 22, width: 5, amount: 1 },
  ];
  const motion = {
    ...{ angle: 1, zoom: 1.2, mirrored: true, down: 4, right: -7 },
    part: { height: 0.9, width: 0.7, down: 2, right: 1 },
  };
  const map = affineMap({ ...centre, scale: 1.5 }, motion);
  const after = new Float32Array(size * size);
  addRings(after, size, map, centre, rings);

  const side = 80;
  const data = Float32Array.from({ length: side * side }, (_, i) => {
    const away = Math.hypot(Math.floor(i / side) - centre.row, (i % side) - centre.column);
    return rings.reduce(
      (sum, { radius, width, amount }) =>
        sum + amount * Math.exp(-0.5 * ((away - radius) / width) ** 2),
      0,
    );
  });
  const before = new Float32Array(size * size);
  const line = Float64Array.from({ length: size }, (_, i) => i - 23.5);
  warpPlane(
    planeOf({ shape: [1, side, side], data }, 0, 0),
    map,
    { down: line, right: line },
    before,
  );
  after.forEach((v, i) => expect(Math.abs(v - before[i]!)).toBeLessThan(0.01));
});

test("streaks are straight, meet at their source, and add up", () => {
  const size = 9;
  const image = new Float32Array(81).fill(1);
  addStreaks(image, size, { row: 4, column: 2 }, [
    { angle: 0, width: 0.5, amount: 2 },
    { angle: Math.PI / 2, width: 0.5, amount: -1 },
  ]);
  // Angle 0: the row of the source; a quarter turn: its column.
  expect(image[4 * size + 8]).toBeCloseTo(3, 6);
  expect(image[4 * size + 2]).toBeCloseTo(2, 6);
  expect(image[0 * size + 2]).toBeCloseTo(0, 6);
  expect(image[5 * size + 8]).toBeCloseTo(1 + 2 * Math.exp(-2), 6);
  expect(image[8 * size + 8]).toBeCloseTo(1, 6);
});

test("normal numbers are normal, independent, and repeat with their seed", () => {
  const [a, b] = [new Float32Array(2_000_000), new Float32Array(2_000_000)];
  fillNormals(createRandom(7), a);
  fillNormals(createRandom(7), b);
  expect(Buffer.from(a.buffer).equals(Buffer.from(b.buffer))).toBe(true);
  fillNormals(createRandom(8), b);
  const mean = (of: (i: number) => number) => {
    let sum = 0;
    for (let i = 1; i < a.length; i++) sum += of(i);
    return sum / (a.length - 1);
  };
  // Five standard errors: of a mean, of neighbours' and of seeds' correlation, of a square's mean.
  const error = 5 / Math.sqrt(a.length);
  expect(Math.abs(mean((i) => a[i]!))).toBeLessThan(error);
  expect(Math.abs(mean((i) => a[i]! * a[i - 1]!))).toBeLessThan(error);
  expect(Math.abs(mean((i) => a[i]! * b[i]!))).toBeLessThan(error);
  expect(Math.abs(mean((i) => a[i]! ** 2 - 1))).toBeLessThan(error * Math.SQRT2);

  // Bins of 0.02, and those beyond the ziggurat's edge, which have an algorithm of their own.
  const counts = Array<number>(340).fill(0);
  for (const v of a) if (Math.abs(v) < 3.4) counts[Math.floor((v + 3.4) * 50)]!++;
  const tail: number[] = [];
  for (let seed = 10; seed < 22; seed++) {
    fillNormals(createRandom(seed), b);
    for (const v of b) if (Math.abs(v) > 3.4427) tail.push(Math.abs(v));
  }
  const [inside, beyond, many] = python<number[]>(
    `from scipy import stats
cells = np.diff(stats.norm.cdf(np.linspace(-3.4, 3.4, 341)))
edge = stats.norm.sf(3.4427)
out = [stats.chisquare(counts, cells / cells.sum() * np.sum(counts)).pvalue,
       stats.kstest(tail, lambda x: 1 - stats.norm.sf(x) / edge).pvalue,
       stats.binomtest(len(tail), 24000000, 2 * edge).pvalue]`,
    { counts, tail },
  );
  expect(inside).toBeGreaterThan(0.001);
  expect(beyond).toBeGreaterThan(0.001);
  expect(many).toBeGreaterThan(0.001);
});

test("noise is as strong as asked for; shot noise where there is signal", () => {
  const normals = Float32Array.of(1, -1, 0.5, 2);
  const image = Float32Array.of(0, 1, 2, 3);
  addNoise(image, 0.25, normals);
  expect([...image]).toEqual([0.25, 0.75, 2.125, 3.5]);
  const signal = Float32Array.of(-1, 1, 2, 5);
  addShotNoise(signal, [1, 5], 0.5, normals);
  expect([...signal]).toEqual([
    ...[-1, 1],
    Math.fround(2 + 0.5 * Math.sqrt(0.25) * 0.5),
    5 + 0.5 * 1 * 2,
  ]);
});

test("what is cut out has the mean of what was there", () => {
  const image = Float32Array.from({ length: 16 }, (_, i) => i);
  cutOut(image, 4, [{ rows: [1, 3], columns: [2, 4] }]);
  expect([...image]).toEqual([0, 1, 2, 3, 4, 5, 7.5, 7.5, 8, 9, 7.5, 7.5, 12, 13, 14, 15]);
});
