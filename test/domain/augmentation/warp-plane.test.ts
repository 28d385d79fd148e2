import { expect, test } from "vitest";
import { affineMap, WHOLE } from "../../../domain/augmentation/affine-map.ts";
import type { Motion } from "../../../domain/augmentation/affine-map.ts";
import { drawMotion } from "../../../domain/augmentation/draw-motion.ts";
import { warpPlane } from "../../../domain/augmentation/warp-plane.ts";
import { planeOf } from "../../../domain/pretexts/plane.ts";
import { samplePlane } from "../../../domain/pretexts/sample-plane.ts";
import { createStencil } from "../../../domain/pretexts/stencil.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Grid } from "../../../domain/volumes/shape.ts";
import { python } from "../../support/python.ts";

const STILL: Motion = { angle: 0, zoom: 1, mirrored: false, down: 0, right: 0, part: WHOLE };

const random = createRandom(5);
const grid: Grid<Float32Array> = {
  shape: [1, 14, 19],
  data: Float32Array.from({ length: 14 * 19 }, () => random.uniform(-3, 5)),
};
const plane = planeOf(grid, 0, 0);
const place = { row: 6.5, column: 9, scale: 1.2 };

const straight = (size: number) =>
  Float64Array.from({ length: size }, (_, i) => i - (size - 1) / 2);

function warp(motion: Partial<Motion>, size = 16, at = place) {
  const image = new Float32Array(size * size);
  const map = affineMap(at, { ...STILL, ...motion });
  warpPlane(plane, map, { down: straight(size), right: straight(size) }, image);
  return { image, map };
}

test("samples are those of scipy's affine transform", () => {
  const motion = {
    angle: 0.7,
    zoom: 1.3,
    mirrored: true,
    down: 1.5,
    right: -2,
    part: { height: 0.8, width: 0.6, down: 1, right: -0.5 },
  };
  const { image, map } = warp(motion);
  const expected = python<number[]>(
    `from scipy.ndimage import affine_transform
m = np.array(matrix).reshape(2, 2)
out = affine_transform(plane[0].astype(float), m, np.array(centre) - m @ np.array([7.5, 7.5]),
                       output_shape=(16, 16), order=1, mode="grid-constant")`,
    {
      plane: grid,
      matrix: [map.rowPerDown, map.rowPerRight, map.columnPerDown, map.columnPerRight],
      centre: [map.row, map.column],
    },
  );
  image.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
  expect(expected.filter((v) => v === 0).length).toBeGreaterThan(5);
});

test("a motion is shift, turn, mirror, zoom and part in this order", () => {
  // The same place by matrices, one after the other.
  const expected = python<number[]>(
    `c, s = np.cos(0.7), np.sin(0.7)
turn = np.array([[c, s], [-s, c]])
mirror = np.diag([1, -1])
size = np.diag([0.8, 0.6])
pixel = np.array([3.0, -2.0])
inner = size @ pixel + np.array([1, -0.5])
out = np.array([6.5, 9]) + 1.2 * (np.array([1.5, -2]) + turn @ mirror @ inner / 1.3)`,
    {},
  );
  const part = { height: 0.8, width: 0.6, down: 1, right: -0.5 };
  const map = affineMap(place, {
    ...{ angle: 0.7, zoom: 1.3, mirrored: true, down: 1.5, right: -2, part },
  });
  expect(map.row + 3 * map.rowPerDown - 2 * map.rowPerRight).toBeCloseTo(expected[0]!, 12);
  expect(map.column + 3 * map.columnPerDown - 2 * map.columnPerRight).toBeCloseTo(expected[1]!, 12);
});

test("turn, zoom and shift are those of samplePlane", () => {
  const { image } = warp({ angle: 2, zoom: 0.9, down: 1, right: 0.5 });
  const expected = new Float32Array(256);
  const pose = { row: 6.5 + 1.2, column: 9 + 0.6, angle: 2, scale: 1.2 / 0.9, gain: 1 };
  samplePlane(plane, createStencil(16, Infinity), pose, expected, 0);
  image.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 5));
});

test("a mirror image has its columns the other way round", () => {
  const at = { row: 6.5, column: 9, scale: 1 };
  const { image } = warp({}, 12, at);
  const { image: mirrored } = warp({ mirrored: true }, 12, at);
  for (let i = 0; i < 12; i++) {
    const row = (of: Float32Array) => [...of.subarray(i * 12, (i + 1) * 12)];
    expect(row(mirrored)).toEqual(row(image).reverse());
  }
});

test("a field moves where each pixel comes from, before the map turns it", () => {
  const size = 8;
  const field = {
    down: new Float32Array(64).fill(0.5),
    right: Float32Array.from({ length: 64 }, (_, i) => (i % 8) / 8),
  };
  const map = affineMap({ row: 6.5, column: 9, scale: 1 }, { ...STILL, angle: 0.3 });
  const image = new Float32Array(64);
  const line = straight(size);
  warpPlane(plane, map, { down: line, right: line, field }, image);
  const moved = new Float32Array(64);
  const [down, right] = [line.map((v) => v + 0.5), line.map((v, j) => v + j / 8)];
  warpPlane(plane, map, { down, right }, moved);
  image.forEach((v, i) => expect(v).toBeCloseTo(moved[i]!, 5));
});

test("motions stay within what is asked for, and parts within the image", () => {
  const draws = createRandom(2);
  const affine = { p: 1, angle: [-90, 90], shift: 0.1, zoom: [0.8, 1.25], mirror: 0.25 } as const;
  const crop = { p: 1, area: [0.2, 1], aspect: [0.5, 2] } as const;
  const motions = Array.from({ length: 4000 }, () => drawMotion(affine, crop, 100, draws));
  for (const { angle, zoom, down, right, part } of motions) {
    expect(Math.abs(angle)).toBeLessThanOrEqual(Math.PI / 2);
    expect(zoom).toBeGreaterThanOrEqual(0.8);
    expect(zoom).toBeLessThanOrEqual(1.25);
    expect(Math.max(Math.abs(down), Math.abs(right))).toBeLessThanOrEqual(10);
    expect(Math.abs(part.down) + 50 * part.height).toBeLessThanOrEqual(50 + 1e-9);
    expect(Math.abs(part.right) + 50 * part.width).toBeLessThanOrEqual(50 + 1e-9);
  }
  const share = (of: (m: Motion) => boolean) => motions.filter(of).length / motions.length;
  expect(share(({ mirrored }) => mirrored)).toBeCloseTo(0.25, 1);
  expect(share(({ angle }) => angle < 0)).toBeCloseTo(0.5, 1);
  expect(share(({ part }) => part.width > part.height)).toBeCloseTo(0.5, 1);
  // Where the aspect fits, the area is uniform between its bounds: (0.45 - 0.2) / 0.8 lie below 0.45.
  expect(share(({ part }) => part.width * part.height < 0.45)).toBeGreaterThan(0.3);
  expect(drawMotion(undefined, undefined, 100, draws)).toEqual(STILL);
});
